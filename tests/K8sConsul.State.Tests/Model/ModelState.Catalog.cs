using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Model;

internal sealed partial class ModelState
{
    private bool Register(RegisterCommand command)
    {
        NodeRecord? existing = Nodes.GetValueOrDefault(Fold(command.Node.Node));
        if ((existing is null || !command.SkipNodeUpdate) && !SetNode(command.Node))
        {
            return false;
        }

        return (command.Service is null || SetService(command.Service))
            && command.Checks.All(check => check.Node == command.Node.Node && SetCheck(check));
    }

    private bool SetNode(NodeRecord node)
    {
        NodeRecord? sameId = node.Id.Length == 0 ? null : Nodes.Values.FirstOrDefault(other => SameName(other.Id, node.Id));
        bool renames = sameId is not null && sameId.Node != node.Node;
        if (node.Id.Length > 0 && (sameId is null || renames) && Nodes.GetValueOrDefault(Fold(node.Node)) is { } holder)
        {
            bool alive = Checks.GetValueOrDefault((Fold(holder.Node), "serfhealth")) is { } serf && serf.Status != CheckStatus.Critical;
            bool adoptable = holder.Id.Length == 0 && !renames;
            if (alive && !adoptable && !SameName(holder.Id, node.Id))
            {
                return false;
            }
        }

        if (renames)
        {
            DeleteNode(sameId!.Node);
        }

        NodeRecord? before = sameId ?? Nodes.GetValueOrDefault(Fold(node.Node));
        if (before is not null && Text(before with { CreateIndex = 0, ModifyIndex = 0 }) == Text(node with { CreateIndex = 0, ModifyIndex = 0 }))
        {
            return true;
        }

        Nodes[Fold(node.Node)] = node with { CreateIndex = before?.CreateIndex ?? _index, ModifyIndex = _index };
        return true;
    }

    private bool SetService(ServiceRecord service)
    {
        if (!Nodes.ContainsKey(Fold(service.Node)))
        {
            return false;
        }

        ServiceRecord? before = Services.GetValueOrDefault((Fold(service.Node), Fold(service.Id)));
        if (before is null || Text(before with { Node = service.Node, CreateIndex = 0, ModifyIndex = 0 }) != Text(service with { CreateIndex = 0, ModifyIndex = 0 }))
        {
            Services[(Fold(service.Node), Fold(service.Id))] = service with { CreateIndex = before?.CreateIndex ?? _index, ModifyIndex = _index };
        }

        return true;
    }

    private bool SetCheck(CheckRecord check)
    {
        if (!Nodes.ContainsKey(Fold(check.Node)))
        {
            return false;
        }

        if (check.Status.Length == 0)
        {
            check = check with { Status = CheckStatus.Critical };
        }

        if (check.ServiceId.Length > 0)
        {
            if (Services.GetValueOrDefault((Fold(check.Node), Fold(check.ServiceId))) is not { } service)
            {
                return false;
            }

            check = check with { ServiceName = service.Service, ServiceTags = service.Tags };
        }

        CheckRecord? before = Checks.GetValueOrDefault((Fold(check.Node), Fold(check.CheckId)));
        if (before is null || Text(before with { Node = check.Node, CreateIndex = 0, ModifyIndex = 0 }) != Text(check with { CreateIndex = 0, ModifyIndex = 0 }))
        {
            Checks[(Fold(check.Node), Fold(check.CheckId))] = check with { CreateIndex = before?.CreateIndex ?? _index, ModifyIndex = _index };
        }

        if (check.Status == CheckStatus.Critical)
        {
            EndSessionsOf(check.Node, check.CheckId);
        }

        return true;
    }

    private void Deregister(DeregisterCommand command)
    {
        if (command.ServiceId.Length > 0)
        {
            DeleteService(command.Node, command.ServiceId);
        }
        else if (command.CheckId.Length > 0)
        {
            DeleteCheck(command.Node, command.CheckId);
        }
        else
        {
            DeleteNode(command.Node);
        }
    }

    private void DeleteNode(string name)
    {
        foreach ((string Node, string Id) key in Services.Keys.Where(key => key.Node == Fold(name)).ToList())
        {
            DeleteService(key.Node, key.Id);
        }

        foreach ((string Node, string Id) key in Checks.Keys.Where(key => key.Node == Fold(name)).ToList())
        {
            DeleteCheck(key.Node, key.Id);
        }

        foreach ((string Node, string Segment) key in Coordinates.Keys.Where(key => key.Node == Fold(name)).ToList())
        {
            Coordinates.Remove(key);
        }

        foreach (string session in Sessions.Where(entry => SameName(entry.Value.Node, name)).Select(entry => entry.Key).ToList())
        {
            EndSession(session);
        }

        Nodes.Remove(Fold(name));
    }

    private void DeleteService(string node, string id)
    {
        if (Services.Remove((Fold(node), Fold(id))))
        {
            foreach (CheckRecord check in Checks.Values.Where(check => SameName(check.Node, node) && SameName(check.ServiceId, id)).ToList())
            {
                DeleteCheck(check.Node, check.CheckId);
            }
        }
    }

    private void DeleteCheck(string node, string id)
    {
        if (Checks.Remove((Fold(node), Fold(id))))
        {
            EndSessionsOf(node, id);
        }
    }
}
