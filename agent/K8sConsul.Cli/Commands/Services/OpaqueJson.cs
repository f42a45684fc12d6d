using System.Diagnostics;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>Settings that are a proxy's and not Consul's: written as JSON as they were read.</summary>
internal static class OpaqueJson
{
    public static void Write(GoJsonWriter json, ConfigValue value)
    {
        switch (value)
        {
            case ConfigText text:
                json.String(text.Value);
                break;
            case ConfigFlag flag:
                json.Bool(flag.Value);
                break;
            case ConfigInteger number:
                json.Number(number.Value);
                break;
            case ConfigReal number:
                json.Number(number.Value);
                break;
            case ConfigNull:
                json.Null();
                break;
            case ConfigList { IsBlocks: true, Items: [ConfigObject block] }:
                // HCL cannot tell one block from a list of one; an object is meant.
                Write(json, block);
                break;
            case ConfigList list:
                json.BeginArray();
                foreach (ConfigValue item in list.Items)
                {
                    Write(json, item);
                }

                json.EndArray();
                break;
            case ConfigObject tree:
                json.BeginObject();
                foreach (string key in tree.Keys)
                {
                    json.Name(key);
                    Write(json, tree[key]);
                }

                json.EndObject();
                break;
            default:
                throw new UnreachableException();
        }
    }
}
