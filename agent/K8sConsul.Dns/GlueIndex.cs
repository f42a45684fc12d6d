namespace K8sConsul.Dns;

/// <summary>
/// The additional records of a reply before any were cut, to take those from that the remaining answers need. Additional records
/// serve SRV answers only; a reply without SRV answers that is cut loses them all.
/// </summary>
internal ref struct GlueIndex(DnsResponse response)
{
    // Up to here scanning is cheaper than hashing; usual cut replies have three answers, whose glue stands in front.
    private const int ScanMax = 64;

    private readonly DnsResponse _response = response;
    private Dictionary<DomainName, ResourceRecord>? _byOwner;
    private HashSet<DomainName>? _listed;
    private bool _isCut;

    /// <summary>Leaves the first record of each SRV answer's target, and of what an alias among them points to.</summary>
    public void Sync()
    {
        if (!_isCut)
        {
            _isCut = true;
            _response.UncutAdditional.AddRange(_response.Additional.Items);
            if (_response.UncutAdditional.Count > ScanMax)
            {
                Index();
            }
        }

        _response.Additional.Clear();
        _listed?.Clear();
        foreach (ResourceRecord answer in _response.Answers.Items)
        {
            DomainName? target = answer.Type == RRType.Srv ? answer.Target : null;
            while (target is not null && !IsListed(target) && Find(target) is { } glue)
            {
                _response.Additional.Add(glue);
                _listed?.Add(target);
                target = glue.Type == RRType.CName ? glue.Target : null;
            }
        }
    }

    private void Index()
    {
        _listed = [];
        _byOwner = new Dictionary<DomainName, ResourceRecord>(_response.UncutAdditional.Count);
        foreach (ResourceRecord record in _response.UncutAdditional.Items)
        {
            if (record.Owner is { } owner)
            {
                _byOwner.TryAdd(owner, record);
            }
        }
    }

    private readonly bool IsListed(DomainName owner)
        => _listed?.Contains(owner) ?? FirstOf(_response.Additional, owner) is not null;

    private readonly ResourceRecord? Find(DomainName owner)
        => _byOwner is null ? FirstOf(_response.UncutAdditional, owner) : _byOwner.GetValueOrDefault(owner);

    private static ResourceRecord? FirstOf(RecordList records, DomainName owner)
    {
        foreach (ResourceRecord record in records.Items)
        {
            if (owner.Equals(record.Owner))
            {
                return record;
            }
        }

        return null;
    }
}
