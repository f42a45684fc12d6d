using System.Text;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>
/// A language just large enough: <c>&lt;kv.block(a)&gt;</c> stands for that dependency's data, the inner first when nested;
/// <c>[cond?a:b]</c> picks by an empty condition; a text with <c>FAIL</c> in it fails; one that begins with <c>BROKEN</c> cannot be parsed.
/// </summary>
internal sealed class FakeEngine : ITemplateEngine
{
    public List<TemplateSource> Parsed { get; } = [];

    public IParsedTemplate Parse(TemplateSource source)
    {
        Parsed.Add(source);
        return source.Text.StartsWith("BROKEN", StringComparison.Ordinal)
            ? throw new TemplateRefusedException("template: :1: unexpected EOF")
            : new Template(source.Text);
    }

    private sealed class Template(string text) : IParsedTemplate
    {
        public RenderOutcome Render(IDependencyView view, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var used = new List<Dependency>();
            var missing = new List<Dependency>();
            int at = 0;
            string result = Evaluate(ref at, view, used, missing, end: '\0');
            return new RenderOutcome
            {
                Text = result,
                Error = result.Contains("FAIL", StringComparison.Ordinal) ? "template: :1:2: executing \"\" at <fail>: error calling fail: FAIL" : string.Empty,
                Used = [.. used.Distinct()],
                Missing = [.. missing.Distinct()],
            };
        }

        private string Evaluate(ref int at, IDependencyView view, List<Dependency> used, List<Dependency> missing, char end)
        {
            var result = new StringBuilder();
            for (; at < text.Length && text[at] != end; at++)
            {
                if (text[at] == '<')
                {
                    at++;
                    result.Append(Ask(Evaluate(ref at, view, used, missing, '>'), view, used, missing));
                }
                else if (text[at] == '[')
                {
                    at++;
                    bool holds = Evaluate(ref at, view, used, missing, '?').Length > 0;
                    at++;
                    result.Append(Branch(ref at, view, used, missing, ':', holds));
                    at++;
                    result.Append(Branch(ref at, view, used, missing, ']', !holds));
                }
                else
                {
                    result.Append(text[at]);
                }
            }

            return result.ToString();
        }

        /// <summary>A branch that is not taken asks for nothing.</summary>
        private string Branch(ref int at, IDependencyView view, List<Dependency> used, List<Dependency> missing, char end, bool isTaken)
        {
            string value = Evaluate(ref at, view, isTaken ? used : [], isTaken ? missing : [], end);
            return isTaken ? value : string.Empty;
        }

        private static string Ask(string question, IDependencyView view, List<Dependency> used, List<Dependency> missing)
        {
            if (DependencyText.TryRead(question) is not { } dependency)
            {
                return string.Empty;
            }

            used.Add(dependency);
            DependencyData? data = view.Recall(dependency);
            if (data is null)
            {
                missing.Add(dependency);
            }

            return data switch
            {
                null => string.Empty,
                KeyData key => key.Value ?? string.Empty,
                FileData file => file.Content,
                HealthData health => string.Join(',', health.Services.Select(s => $"{s.Address}:{s.Port}")),
                KeyListData keys => string.Join(',', keys.Pairs.Select(p => $"{p.Key}={p.Value}")),
                DatacentersData datacenters => string.Join(',', datacenters.Names),
                NodesData nodes => string.Join(',', nodes.Nodes.Select(n => n.Name)),
                ServicesData services => string.Join(',', services.Services.Select(s => s.Name)),
                NodeData node => node.Node?.Node.Name ?? string.Empty,
                _ => data.ToString()!,
            };
        }
    }
}
