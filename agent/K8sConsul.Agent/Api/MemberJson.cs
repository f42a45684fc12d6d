using K8sConsul.Contracts.GoJson;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Api;

/// <summary>A gossip member as <c>/v1/agent/members</c> and <c>/v1/agent/self</c> show it.</summary>
internal static class MemberJson
{
    public static void Write(GoJsonWriter json, Member member)
    {
        json.BeginObject();
        json.Name("Name"u8);
        json.String(member.Name);
        json.Name("Addr"u8);
        json.String(member.Ip.ToString());
        json.Name("Port"u8);
        json.Number(member.Port);
        json.Name("Tags"u8);
        json.BeginObject();
        foreach ((string key, string value) in member.Tags)
        {
            json.Name(key);
            json.String(value);
        }

        json.EndObject();
        json.Name("Status"u8);
        json.Number((int)member.Status);
        json.Name("ProtocolMin"u8);
        json.Number(member.ProtocolMin);
        json.Name("ProtocolMax"u8);
        json.Number(member.ProtocolMax);
        json.Name("ProtocolCur"u8);
        json.Number(member.ProtocolCur);
        json.Name("DelegateMin"u8);
        json.Number(member.DelegateMin);
        json.Name("DelegateMax"u8);
        json.Number(member.DelegateMax);
        json.Name("DelegateCur"u8);
        json.Number(member.DelegateCur);
        json.EndObject();
    }
}
