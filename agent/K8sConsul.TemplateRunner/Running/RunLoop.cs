using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>
/// Decides, and does nothing itself: which templates are executed, what is watched, what is written and when, which commands
/// follow. Events come in by <see cref="Learn"/> and the time; each <see cref="Plan"/> is carried out by the caller and answered
/// by <see cref="Conclude"/>.
/// </summary>
/// <remarks>
/// A template is executed again for each change of what it uses, because only an execution tells what else it needs: a key whose
/// name comes out of another key takes a run more. Owned by one loop; not for use from several threads.
/// </remarks>
internal sealed class RunLoop
{
    private readonly IReadOnlyList<TemplateUnit> _units;
    private readonly bool _hasChild;

    /// <summary>Who uses a dependency. A dependency is in here, in the brain or watched only as long as somebody does.</summary>
    private readonly Dictionary<Dependency, HashSet<TemplateUnit>> _users = [];

    private readonly HashSet<Dependency> _watched = [];

    /// <summary>Whose users or whose users' roles have changed since the last plan; in the order of change.</summary>
    private readonly List<Dependency> _touched = [];

    private bool _childStarted;

    /// <param name="units">In the order of the configuration.</param>
    /// <param name="hasChild">A program is to be started when all are rendered.</param>
    public RunLoop(IReadOnlyList<TemplateUnit> units, bool hasChild)
    {
        _units = units;
        _hasChild = hasChild;
    }

    public Brain Brain { get; } = new();

    /// <summary>Every template was rendered at least once. From here on waits hold, the child runs, and a run for once has done its work.</summary>
    public bool IsComplete { get; private set; }

    public int WatchedCount => _watched.Count;

    /// <summary>When the next timer fires; null for none.</summary>
    public TimeSpan? NextFiring => _units.Select(static unit => unit.Timer?.FireAt).Min();

    public IReadOnlyList<TemplateUnit> Units => _units;

    /// <summary>New data of a dependency has come.</summary>
    /// <returns>False when nobody uses it any more; then it is dropped, so that it cannot come back stale.</returns>
    public bool Learn(Dependency dependency, DependencyData data)
    {
        if (!_users.TryGetValue(dependency, out HashSet<TemplateUnit>? users))
        {
            return false;
        }

        Brain.Remember(dependency, data);
        foreach (TemplateUnit unit in users)
        {
            unit.IsDirty = true;
        }

        return true;
    }

    /// <summary>Another instance has begun, or ended, to ask for what this template shares.</summary>
    public void SetFollowing(TemplateUnit unit, bool isFollowing)
    {
        if (unit.IsFollowing != isFollowing)
        {
            unit.IsFollowing = isFollowing;
            _touched.AddRange(unit.Used);

            // A new leader publishes what it knows already.
            unit.IsDirty |= !isFollowing;
        }
    }

    /// <summary>A run over all templates, in order.</summary>
    /// <param name="now">Since any fixed moment, monotonic.</param>
    /// <param name="cancellationToken">Given to the templates.</param>
    public RunPlan Plan(TimeSpan now, CancellationToken cancellationToken)
    {
        List<PlannedRender> renders = [];
        List<TemplateUnit> complete = [];
        List<RunNote> notes = [];
        RunNote? failure = null;
        foreach (TemplateUnit unit in _units)
        {
            bool hasFired = unit.Timer?.TakeFiring(now) ?? false;
            if (!unit.IsDirty && !hasFired)
            {
                continue;
            }

            unit.IsDirty = false;
            RenderOutcome outcome = unit.Parsed.Render(Brain, cancellationToken);
            Use(unit, outcome);
            if (outcome.Error.Length > 0)
            {
                var note = new RunNote(RunNoteKind.Failed, unit) { Error = outcome.Error };
                notes.Add(note);
                if (unit.IsErrorFatal)
                {
                    failure = note;
                    break;
                }
            }
            else if (outcome.Missing.Count > 0)
            {
                notes.Add(new RunNote(RunNoteKind.Missing, unit) { Missing = [.. outcome.Missing] });
            }
            else
            {
                complete.Add(unit);
                if (unit.Timer is { } timer && !hasFired)
                {
                    timer.Tick(now);
                    notes.Add(new RunNote(RunNoteKind.Waiting, unit) { Wait = timer.FireAt!.Value - now });
                }
                else
                {
                    renders.Add(new PlannedRender(unit, outcome.Text));
                }
            }
        }

        (List<Dependency> start, List<Dependency> stop) = SettleWatches();
        return new RunPlan { Start = start, Stop = stop, Renders = renders, Complete = complete, Notes = notes, Failure = failure };
    }

    /// <summary>The plan was carried out.</summary>
    /// <param name="reports">One for each destination, in order.</param>
    public RunConclusion Conclude(IReadOnlyList<RenderReport> reports)
    {
        List<RenderReport> commands = [];
        bool changed = false;
        foreach (RenderReport report in reports)
        {
            report.Unit.WasRendered = true;
            changed |= report.Changed;
            if (report.Changed && report.Config.Exec.Enabled && !commands.Exists(other => HaveSameCommand(other, report)))
            {
                commands.Add(report);
            }
        }

        bool firstComplete = !IsComplete && _units.All(static unit => unit.WasRendered);
        if (firstComplete)
        {
            IsComplete = true;
            foreach (TemplateUnit unit in _units.Where(static unit => unit.Wait.Enabled))
            {
                unit.Timer = new QuiescenceTimer(unit.Wait.Min, unit.Wait.Max);
            }
        }

        ChildAction child = !_hasChild || !IsComplete ? ChildAction.None
            : !_childStarted ? ChildAction.Start
            : changed ? ChildAction.Reload
            : ChildAction.None;
        _childStarted |= child == ChildAction.Start;
        return new RunConclusion(commands, child, firstComplete);
    }

    private static bool HaveSameCommand(RenderReport one, RenderReport other)
    {
        return one.Config.Exec.Command.SequenceEqual(other.Config.Exec.Command, StringComparer.Ordinal);
    }

    /// <summary>After a failure what the last good execution used stays watched, so that its data can bring the template back.</summary>
    private void Use(TemplateUnit unit, RenderOutcome outcome)
    {
        HashSet<Dependency> used = [.. outcome.Used];
        if (outcome.Error.Length > 0)
        {
            used.UnionWith(unit.UsedWhenGood);
        }
        else
        {
            unit.UsedWhenGood = used;
        }

        foreach (Dependency dependency in outcome.Used)
        {
            if (!_users.TryGetValue(dependency, out HashSet<TemplateUnit>? users))
            {
                users = [];
                _users.Add(dependency, users);
            }

            if (users.Add(unit))
            {
                _touched.Add(dependency);
            }
        }

        foreach (Dependency dependency in unit.Used)
        {
            if (!used.Contains(dependency) && _users[dependency].Remove(unit))
            {
                _touched.Add(dependency);
            }
        }

        unit.Used = used;
    }

    private (List<Dependency> Start, List<Dependency> Stop) SettleWatches()
    {
        List<Dependency> start = [];
        List<Dependency> stop = [];
        foreach (Dependency dependency in _touched)
        {
            if (!_users.TryGetValue(dependency, out HashSet<TemplateUnit>? users))
            {
                continue;
            }

            bool isAskedElsewhere = dependency.IsShareable && users.All(static unit => unit.IsFollowing);
            if (users.Count > 0 && !isAskedElsewhere)
            {
                if (_watched.Add(dependency))
                {
                    start.Add(dependency);
                }
            }
            else if (_watched.Remove(dependency))
            {
                stop.Add(dependency);
            }

            if (users.Count == 0)
            {
                _users.Remove(dependency);
                Brain.Forget(dependency);
            }
        }

        _touched.Clear();
        return (start, stop);
    }
}
