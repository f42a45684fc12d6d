namespace K8sConsul.Hcl.Tests;

/// <summary>Texts with everything in them, and ways to damage them.</summary>
internal static class Samples
{
    public const string Hcl = """
        # An agent.
        node_name = "n1" // the node
        server    = true
        ports { dns = 8600, http = -1 }
        limits = { rpc_rate = 1.5e2 kv = 0x80000 }
        recursors = ["1.1.1.1", "8.8.8.8",]
        node_meta { "a b" = "x\ty\u00e9", é = "${z {"q"} }" }
        service "web" { port = 017 tags = [] }
        check { args = ["a", [1], {b = 1}] }
        check { notes = <<-EOF
          one
           two
          EOF
        }
        /* end */
        """;

    public const string Json = """
        {"node_name": "n1", "server": true, "off": false, "none": null,
         "ports": {"dns": 8600, "http": -1.5e+3, "x": 0.25},
         "list": [1, "a", [], {}, [2, {"b": "c"}]], "text": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"}
        """;

    public static byte[] Damage(byte[] source, Random random)
    {
        byte[] damaged = [.. source];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged = [.. damaged[..at], .. damaged[Math.Min(at + random.Next(1, 9), damaged.Length)..], (byte)'\n'];
                    break;
                default:
                    damaged = [.. damaged[..at], .. damaged[random.Next(at + 1)..]];
                    break;
            }
        }

        return damaged;
    }
}
