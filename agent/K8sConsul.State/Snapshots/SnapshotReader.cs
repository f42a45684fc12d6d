using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Commands;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.State.Snapshots;

/// <summary>
/// Rebuilds a state from the stream that <see cref="SnapshotWriter"/> makes. Feed pieces of any size, then take
/// <see cref="Finish"/>. Records keep the indexes they carry.
/// </summary>
public sealed class SnapshotReader
{
    /// <summary>Largest single record. Entries stay far below unless an operator raises <c>limits.kv_max_value_size</c>.</summary>
    private const int RecordBytesMax = 64 * 1024 * 1024;

    private readonly RadixTransaction<NodeRecord> _nodes = RadixTree<NodeRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<NodeRecord> _nodesById = RadixTree<NodeRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<ServiceRecord> _services = RadixTree<ServiceRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<ServiceRecord> _servicesByName = RadixTree<ServiceRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<ServiceRecord> _servicesByConnect = RadixTree<ServiceRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<CheckRecord> _checks = RadixTree<CheckRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<CheckRecord> _checksByService = RadixTree<CheckRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<CheckRecord> _checksByServiceName = RadixTree<CheckRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<KvRecord> _kv = RadixTree<KvRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<KvRecord> _kvBySession = RadixTree<KvRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<TombstoneRecord> _tombstones = RadixTree<TombstoneRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<SessionRecord> _sessions = RadixTree<SessionRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<SessionRecord> _sessionsByNode = RadixTree<SessionRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<SessionRecord> _sessionsByCheck = RadixTree<SessionRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<CoordinateRecord> _coordinates = RadixTree<CoordinateRecord>.CreateEmpty().Edit();
    private readonly RadixTransaction<IndexRecord> _indexes = RadixTree<IndexRecord>.CreateEmpty().Edit();

    private readonly SortedDictionary<byte, int> _skipped = [];
    private AutopilotRecord? _autopilot;
    private byte[] _pending = [];
    private int _pendingBytes;
    private bool _headerRead;
    private ulong _lastIndex;

    /// <summary>Record types of a newer or fuller Consul that this version does not keep, with how many there were.</summary>
    public IReadOnlyDictionary<byte, int> Skipped => _skipped;

    /// <exception cref="MsgPackFormatException">The stream is not a snapshot.</exception>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        if (_pending.Length < _pendingBytes + piece.Length)
        {
            Array.Resize(ref _pending, Math.Max(_pending.Length * 2, _pendingBytes + piece.Length));
        }

        piece.CopyTo(_pending.AsSpan(_pendingBytes));
        _pendingBytes += piece.Length;
        TakeWholeRecords();
        if (_pendingBytes > RecordBytesMax)
        {
            throw new MsgPackFormatException($"a record of the snapshot exceeds {RecordBytesMax} bytes");
        }
    }

    /// <exception cref="MsgPackFormatException">The stream ends within a record.</exception>
    public StateSnapshot Finish()
    {
        if (!_headerRead || _pendingBytes > 0)
        {
            throw new MsgPackFormatException(_pendingBytes > 0 ? "the snapshot ends within a record" : "the snapshot is empty");
        }

        var tables = new Tables
        {
            Nodes = _nodes.Tree(),
            NodesById = _nodesById.Tree(),
            Services = _services.Tree(),
            ServicesByName = _servicesByName.Tree(),
            ServicesByConnect = _servicesByConnect.Tree(),
            Checks = _checks.Tree(),
            ChecksByService = _checksByService.Tree(),
            ChecksByServiceName = _checksByServiceName.Tree(),
            Kv = _kv.Tree(),
            KvBySession = _kvBySession.Tree(),
            Tombstones = _tombstones.Tree(),
            Sessions = _sessions.Tree(),
            SessionsByNode = _sessionsByNode.Tree(),
            SessionsByCheck = _sessionsByCheck.Tree(),
            Coordinates = _coordinates.Tree(),
            Autopilot = _autopilot,
            Indexes = _indexes.Tree(),
        };
        return new StateSnapshot(tables, _lastIndex, new StateSnapshot.Epoch(restores: 0));
    }

    private void TakeWholeRecords()
    {
        int position = 0;
        while (true)
        {
            // The header stands alone; every record after it follows a byte that says what it is.
            int typeBytes = _headerRead ? 1 : 0;
            ReadOnlySpan<byte> rest = _pending.AsSpan(position, _pendingBytes - position);
            if (rest.Length <= typeBytes)
            {
                break;
            }

            MsgPackExtent extent = MsgPackMeasure.Measure(rest[typeBytes..], out long length);
            if (extent == MsgPackExtent.Incomplete)
            {
                break;
            }

            if (extent == MsgPackExtent.Invalid)
            {
                throw new MsgPackFormatException("a record of the snapshot is no MessagePack value");
            }

            var reader = new MsgPackReader(rest.Slice(typeBytes, (int)length));
            if (_headerRead)
            {
                ReadRecord(rest[0], ref reader);
            }
            else
            {
                ReadHeader(ref reader);
            }

            position += typeBytes + (int)length;
        }

        _pending.AsSpan(position, _pendingBytes - position).CopyTo(_pending);
        _pendingBytes -= position;
    }

    private void ReadHeader(ref MsgPackReader reader)
    {
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            _lastIndex = reader.ReadTextBytes().SequenceEqual("LastIndex"u8) ? reader.ReadUInt() : CatalogCodec.Skip(ref reader, _lastIndex);
        }

        _headerRead = true;
    }

    private void ReadRecord(byte type, ref MsgPackReader reader)
    {
        switch ((CommandType)type)
        {
            case CommandType.Register:
                Add(RegisterCommand.Read(ref reader));
                break;
            case CommandType.CoordinateBatch:
                foreach (CoordinateRecord coordinate in CoordinateCommand.Read(ref reader).Updates)
                {
                    _coordinates.Set(StateKeys.Folded(coordinate.Node, coordinate.Segment), coordinate);
                }

                break;
            case CommandType.Session:
                Add(SessionCodec.Read(ref reader));
                break;
            case CommandType.Kv:
                Add(KvCodec.Read(ref reader));
                break;
            case CommandType.Tombstone:
                KvRecord tombstone = KvCodec.Read(ref reader);
                _tombstones.Set(StateKeys.Exact(tombstone.Key), new TombstoneRecord(tombstone.Key, tombstone.ModifyIndex));
                break;
            case CommandType.Autopilot:
                _autopilot = AutopilotCodec.Read(ref reader);
                break;
            case CommandType.Index:
                AddIndex(ref reader);
                break;
            default:
                reader.Skip();
                _skipped[type] = _skipped.GetValueOrDefault(type) + 1;
                break;
        }
    }

    private void Add(RegisterCommand register)
    {
        NodeRecord node = register.Node with
        {
            // Consul's own records carry no index for nodes.
            CreateIndex = register.Node.CreateIndex == 0 ? _lastIndex : register.Node.CreateIndex,
            ModifyIndex = register.Node.ModifyIndex == 0 ? _lastIndex : register.Node.ModifyIndex,
        };
        _nodes.Set(StateKeys.Folded(node.Node), node);
        if (node.Id.Length > 0)
        {
            _nodesById.Set(StateKeys.Folded(node.Id), node);
        }

        if (register.Service is { } service)
        {
            _services.Set(StateKeys.Folded(service.Node, service.Id), service);
            _servicesByName.Set(StateKeys.Folded(service.Service, service.Node, service.Id), service);
            if (Transactions.StateTransaction.ConnectTarget(service) is { } target)
            {
                _servicesByConnect.Set(StateKeys.Folded(target, service.Node, service.Id), service);
            }
        }

        foreach (CheckRecord check in register.Checks)
        {
            _checks.Set(StateKeys.Folded(check.Node, check.CheckId), check);
            _checksByService.Set(StateKeys.Folded(check.Node, check.ServiceId, check.CheckId), check);
            if (check.ServiceName.Length > 0)
            {
                _checksByServiceName.Set(StateKeys.Folded(check.ServiceName, check.Node, check.CheckId), check);
            }
        }
    }

    private void Add(SessionRecord session)
    {
        _sessions.Set(StateKeys.Folded(session.Id), session);
        _sessionsByNode.Set(StateKeys.Folded(session.Node, session.Id), session);
        foreach (string checkId in session.CheckIds())
        {
            _sessionsByCheck.Set(StateKeys.Folded(session.Node, checkId, session.Id), session);
        }
    }

    private void Add(KvRecord entry)
    {
        _kv.Set(StateKeys.Exact(entry.Key), entry);
        if (entry.Session.Length > 0)
        {
            _kvBySession.Set(StateKeys.Held(entry), entry);
        }
    }

    private void AddIndex(ref MsgPackReader reader)
    {
        string name = string.Empty;
        ulong value = 0;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadTextBytes();
            switch (field)
            {
                case var _ when field.SequenceEqual("Key"u8):
                    name = reader.ReadText();
                    break;
                case var _ when field.SequenceEqual("Value"u8):
                    value = reader.ReadUInt();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        _indexes.Set(StateKeys.Folded(name), new IndexRecord(name, value));
    }
}
