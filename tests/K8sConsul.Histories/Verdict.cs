namespace K8sConsul.Histories;

internal enum Verdict
{
    Linearizable,
    NotLinearizable,
    Undecided,
}
