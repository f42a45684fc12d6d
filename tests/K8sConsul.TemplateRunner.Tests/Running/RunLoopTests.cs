using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Running;

namespace K8sConsul.TemplateRunner.Tests.Running;

public sealed class RunLoopTests
{
    private static readonly WaitConfig _wait = new(Enabled: true, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));

    [Fact]
    public void A_template_without_dependencies_is_rendered_at_once()
    {
        var run = new Run("hello");
        Assert.Equal("render 0: hello; complete", run.Go());
        Assert.Equal("", run.Go());
    }

    [Fact]
    public void Missing_dependencies_are_watched_and_then_rendered()
    {
        var run = new Run("<kv.block(a)>-<kv.block(b)>");
        Assert.Equal("start kv.block(a) kv.block(b); 0 misses kv.block(a) kv.block(b)", run.Go());
        run.Learn("kv.block(a)", "1");
        Assert.Equal("0 misses kv.block(b)", run.Go());
        run.Learn("kv.block(b)", "2");
        Assert.Equal("render 0: 1-2; complete", run.Go());
    }

    [Fact]
    public void A_key_named_by_another_key_takes_a_run_more()
    {
        var run = new Run("<kv.block(<kv.block(a)>)>");
        Assert.Equal("start kv.block(a); 0 misses kv.block(a)", run.Go());
        run.Learn("kv.block(a)", "x");
        Assert.Equal("start kv.block(x); 0 misses kv.block(x)", run.Go());
        run.Learn("kv.block(x)", "deep");
        Assert.Equal("render 0: deep; complete", run.Go());
        run.Learn("kv.block(a)", "y");
        Assert.Equal("start kv.block(y); stop kv.block(x); 0 misses kv.block(y)", run.Go());
    }

    [Fact]
    public void One_watcher_serves_all_templates_and_stops_with_the_last()
    {
        var run = new Run("<kv.block(a)>", "[<kv.get(on)>?<kv.block(a)>:off]", "x");
        Assert.Equal("start kv.block(a) kv.get(on); render 2: x; 0 misses kv.block(a); 1 misses kv.get(on)", run.Go());
        run.Learn("kv.get(on)", "");
        run.Learn("kv.block(a)", "1");
        Assert.Equal("render 0: 1; render 1: off; complete", run.Go());
        run.Learn("kv.get(on)", "yes");
        Assert.Equal("render 1: 1", run.Go());
        run.Learn("kv.get(on)", "");
        Assert.Equal("render 1: off", run.Go());
        run.Learn("kv.block(a)", "2");
        Assert.Equal("render 0: 2", run.Go());
    }

    /// <summary>Issue #198: data of a dependency that was given up must not come back when a branch flips back.</summary>
    [Fact]
    public void Data_of_a_stopped_watcher_is_forgotten_and_late_data_is_dropped()
    {
        var run = new Run("[<kv.get(on)>?<kv.block(a)>:off]");
        run.Go();
        run.Learn("kv.get(on)", "yes");
        Assert.Equal("start kv.block(a); 0 misses kv.block(a)", run.Go());
        run.Learn("kv.block(a)", "old");
        Assert.Equal("render 0: old; complete", run.Go());
        run.Learn("kv.get(on)", "");
        Assert.Equal("stop kv.block(a); render 0: off", run.Go());
        Assert.False(run.Learn("kv.block(a)", "late"));
        run.Learn("kv.get(on)", "yes");
        Assert.Equal("start kv.block(a); 0 misses kv.block(a)", run.Go());
    }

    [Fact]
    public void Nothing_waits_until_every_template_was_rendered_once()
    {
        var run = new Run(_wait, "<kv.block(a)>", "<kv.block(b)>");
        run.Go();
        run.Learn("kv.block(a)", "1");
        Assert.Equal("render 0: 1", run.Go());
        run.Learn("kv.block(a)", "2");
        Assert.Equal("render 0: 2", run.Go());
        run.Learn("kv.block(b)", "1");
        Assert.Equal("render 1: 1; complete", run.Go());
        run.Learn("kv.block(a)", "3");
        Assert.Equal("0 waits 5s", run.Go());
    }

    [Fact]
    public void Changes_are_collected_until_they_end_or_the_deadline_comes()
    {
        Run run = Rendered(_wait, "<kv.block(a)>", "<kv.block(b)>");
        run.Learn("kv.block(a)", "1");
        Assert.Equal("0 waits 5s", run.Go());
        run.Now += TimeSpan.FromSeconds(4);
        run.Learn("kv.block(a)", "2");
        Assert.Equal("0 waits 5s", run.Go());
        run.Now += TimeSpan.FromSeconds(4);
        run.Learn("kv.block(a)", "3");
        Assert.Equal("0 waits 4s", run.Go());

        // Only the owner of the timer renders when it fires.
        run.Learn("kv.block(b)", "9");
        Assert.Equal("1 waits 5s", run.Go());
        Assert.Equal(TimeSpan.FromSeconds(12), run.Loop.NextFiring);
        run.Now = TimeSpan.FromSeconds(12);
        Assert.Equal("render 0: 3", run.Go());
        Assert.Equal(TimeSpan.FromSeconds(13), run.Loop.NextFiring);
        run.Now = TimeSpan.FromSeconds(13);
        Assert.Equal("render 1: 9", run.Go());
        Assert.Null(run.Loop.NextFiring);
    }

    [Fact]
    public void A_template_s_own_wait_goes_before_the_global_one()
    {
        var run = new Run([(_wait, "<kv.block(a)>"), (new WaitConfig(true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)), "<kv.block(a)>"), (WaitConfig.Off, "<kv.block(a)>")]);
        run.Go();
        run.Learn("kv.block(a)", "1");
        run.Go();
        run.Learn("kv.block(a)", "2");
        Assert.Equal("render 2: 2; 0 waits 5s; 1 waits 1s", run.Go());
    }

    [Fact]
    public void What_is_missing_when_the_timer_fires_waits_for_data_and_then_for_quiet()
    {
        Run run = Rendered(_wait, "[<kv.get(on)>?<kv.block(a)>:off]");
        run.Learn("kv.get(on)", "");
        Assert.Equal("stop kv.block(a); 0 waits 5s", run.Go());
        run.Learn("kv.get(on)", "yes");
        Assert.Equal("start kv.block(a); 0 misses kv.block(a)", run.Go());
        run.Now = TimeSpan.FromSeconds(5);
        Assert.Equal("0 misses kv.block(a)", run.Go());
        run.Learn("kv.block(a)", "1");
        Assert.Equal("0 waits 5s", run.Go());
    }

    [Fact]
    public void A_fatal_error_ends_the_run_where_it_stands()
    {
        var run = new Run("one", "FAIL", "three");
        Assert.Equal("render 0: one; 1 fails; fatal", run.Go());
    }

    [Fact]
    public void An_error_that_is_not_fatal_keeps_the_last_good_dependencies_and_recovers()
    {
        var run = new Run([(WaitConfig.Off, "[<kv.get(on)>?<kv.block(a)>:<kv.block(b)>FAIL]"), (WaitConfig.Off, "x")], errorFatal: false);
        Assert.Equal("start kv.get(on) kv.block(b); render 1: x; 0 fails", run.Go());
        run.Learn("kv.get(on)", "yes");
        Assert.Equal("start kv.block(a); stop kv.block(b); 0 misses kv.block(a)", run.Go());
        run.Learn("kv.block(a)", "1");
        Assert.Equal("render 0: 1; complete", run.Go());
        run.Learn("kv.get(on)", "");
        Assert.Equal("start kv.block(b); 0 fails", run.Go());
        run.Learn("kv.block(a)", "2");
        Assert.Equal("0 fails", run.Go());
    }

    [Fact]
    public void Commands_follow_real_changes_each_once_and_in_order()
    {
        var run = new Run([(WaitConfig.Off, "<kv.get(a)>"), (WaitConfig.Off, "<kv.get(a)>2"), (WaitConfig.Off, "<kv.get(a)>3"), (WaitConfig.Off, "<kv.get(b)>")], commands: ["reload x", "other", "reload x", ""]);
        run.Go();
        run.Learn("kv.get(a)", "1");
        Assert.Equal("render 0: 1; render 1: 12; render 2: 13; run reload x; run other", run.Go());
        run.Learn("kv.get(a)", "2");
        run.Unchanged = [0, 1];
        Assert.Equal("render 0: 2; render 1: 22; render 2: 23; run reload x", run.Go());
        run.Learn("kv.get(b)", "2");
        run.Unchanged = [3];
        Assert.Equal("render 3: 2; complete", run.Go());
    }

    [Fact]
    public void The_child_starts_when_all_is_rendered_and_reloads_with_each_change()
    {
        var run = new Run([(WaitConfig.Off, "<kv.get(a)>"), (WaitConfig.Off, "<kv.get(b)>")], hasChild: true, commands: ["c", ""]);
        run.Go();
        run.Learn("kv.get(a)", "1");
        Assert.Equal("render 0: 1; run c", run.Go());
        run.Learn("kv.get(b)", "1");
        run.Unchanged = [1];
        Assert.Equal("render 1: 1; complete; child Start", run.Go());
        run.Learn("kv.get(b)", "2");
        Assert.Equal("render 1: 2", run.Go());
        run.Unchanged = [];
        run.Learn("kv.get(a)", "2");
        Assert.Equal("render 0: 2; run c; child Reload", run.Go());
    }

    [Fact]
    public void A_follower_watches_only_what_its_host_must_ask_itself()
    {
        var run = new Run("<kv.block(a)><file(/f)>", "<kv.block(b)>");
        run.Loop.SetFollowing(run.Loop.Units[0], isFollowing: true);
        Assert.Equal("start file(/f) kv.block(b); 0 misses kv.block(a) file(/f); 1 misses kv.block(b)", run.Go());
        run.Learn("kv.block(a)", "1");
        run.Learn("file(/f)", new FileData("2"));
        Assert.Equal("render 0: 12", run.Go());
        run.Loop.SetFollowing(run.Loop.Units[0], isFollowing: false);
        Assert.Equal("start kv.block(a); render 0: 12", run.Go());
        run.Loop.SetFollowing(run.Loop.Units[0], isFollowing: true);
        Assert.Equal("stop kv.block(a)", run.Go());
        Assert.True(run.Learn("kv.block(a)", "3"));
    }

    [Fact]
    public void Ids_tell_source_contents_and_destination_apart()
    {
        string[] ids =
        [
            TemplateUnit.IdOf(new TemplateConfig { Source = "a", Destination = "b" }),
            TemplateUnit.IdOf(new TemplateConfig { Contents = "a", Destination = "b" }),
            TemplateUnit.IdOf(new TemplateConfig { Source = "a", Destination = "c" }),
            TemplateUnit.IdOf(new TemplateConfig { Source = "a", Destination = "b", Backup = true }),
        ];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[0], ids[3]);
        Assert.All(ids, id => Assert.Equal(64, id.Length));
    }

    /// <summary>
    /// Random templates, data and times against what must always hold: watched is what is used; nothing is written that misses
    /// anything; in the end each file is what its template says about the last data, and nothing was put off beyond its maximum.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_runs_keep_the_rules(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 100; round++)
        {
            string[] texts = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => RandomText(random, depth: 0))];
            var run = new Run([.. texts.Select(text => (random.Next(3) == 0 ? WaitConfig.Off : _wait, text))]);
            var watched = new HashSet<string>();
            var truth = new Dictionary<string, string>();
            var dirtySince = new Dictionary<int, TimeSpan>();
            for (int step = 0; step < 60; step++)
            {
                foreach (string dependency in watched.Where(_ => random.Next(3) == 0).ToArray())
                {
                    string value = random.Next(4) == 0 ? "" : "k" + random.Next(3);
                    truth[dependency] = value;
                    Assert.True(run.Learn(dependency, value));
                }

                run.Now += TimeSpan.FromSeconds(random.Next(4));
                if (run.Loop.NextFiring is { } next && next < run.Now)
                {
                    run.Now = next;
                }

                run.Go();
                Check(run, watched, truth, texts);
            }

            // Quiet at last: everything asked for is answered, and all timers fire.
            for (int i = 0; i < 20; i++)
            {
                foreach (string dependency in watched.Where(d => !truth.ContainsKey(d)).ToArray())
                {
                    truth[dependency] = "k0";
                    run.Learn(dependency, "k0");
                }

                run.Now += TimeSpan.FromSeconds(20);
                run.Go();
                Check(run, watched, truth, texts);
            }

            for (int i = 0; i < texts.Length; i++)
            {
                Assert.Equal(run.Evaluate(i).Text, run.Files[i]);
            }
        }
    }

    private static void Check(Run run, HashSet<string> watched, Dictionary<string, string> truth, string[] texts)
    {
        foreach (Dependency stopped in run.Last.Stop)
        {
            Assert.True(watched.Remove(stopped.ToString()));
            truth.Remove(stopped.ToString());
        }

        foreach (Dependency started in run.Last.Start)
        {
            Assert.True(watched.Add(started.ToString()));
        }

        Assert.Equal(
            run.Loop.Units.SelectMany(u => u.Used).Select(d => d.ToString()).Distinct().Order(StringComparer.Ordinal),
            watched.Order(StringComparer.Ordinal));
        Assert.Equal(truth.Count, run.Loop.Brain.Count);
        for (int i = 0; i < texts.Length; i++)
        {
            RenderOutcome now = run.Evaluate(i);
            Assert.Equal(now.Used.Order(), run.Loop.Units[i].Used.Order());
            bool waits = run.Loop.Units[i].Timer?.FireAt is not null;
            if (now.IsComplete && !waits)
            {
                Assert.Equal(now.Text, run.Files[i]);
            }
        }
    }

    private static string RandomText(Random random, int depth)
    {
        string key = random.Next(3) == 0 && depth < 2 ? RandomText(random, depth + 1) : "k" + random.Next(4);
        return random.Next(4) switch
        {
            0 when depth < 2 => $"[<kv.get({key})>?{RandomText(random, depth + 1)}:{RandomText(random, depth + 1)}]",
            1 when depth < 2 => RandomText(random, depth + 1) + RandomText(random, depth + 1),
            2 => $"<kv.get({key})>",
            _ => $"<kv.block({key})>",
        };
    }

    private static Run Rendered(WaitConfig wait, params string[] texts)
    {
        var run = new Run(wait, texts);
        run.Go();
        foreach (Dependency dependency in run.Loop.Units.SelectMany(u => u.Used).Distinct().ToArray())
        {
            run.Learn(dependency.ToString(), "0");
        }

        run.Go();
        foreach (Dependency dependency in run.Loop.Units.SelectMany(u => u.Used).Distinct().ToArray())
        {
            if (run.Loop.Brain.Recall(dependency) is null)
            {
                run.Learn(dependency.ToString(), "0");
                run.Go();
            }
        }

        Assert.True(run.Loop.IsComplete);
        return run;
    }

    /// <summary>A loop with a world that writes to memory.</summary>
    private sealed class Run
    {
        private readonly IParsedTemplate[] _parsed;

        public Run(params string[] texts)
            : this([.. texts.Select(text => (WaitConfig.Off, text))])
        {
        }

        public Run(WaitConfig wait, params string[] texts)
            : this([.. texts.Select(text => (wait, text))])
        {
        }

        public Run((WaitConfig Wait, string Text)[] templates, bool errorFatal = true, bool hasChild = false, string[]? commands = null)
        {
            var engine = new FakeEngine();
            _parsed = [.. templates.Select(t => engine.Parse(new TemplateSource { Text = t.Text }))];
            Loop = new RunLoop(
                [
                    .. templates.Select((t, i) => new TemplateUnit(
                        $"{i}", $"{i}", [new TemplateConfig { Contents = t.Text, Destination = $"{i}", ErrorFatal = errorFatal, Exec = new ExecConfig { Enabled = commands?[i].Length > 0, Command = [commands?[i] ?? ""] } }], _parsed[i], t.Wait)),
                ],
                hasChild);
            Files = new string[templates.Length];
        }

        public RunLoop Loop { get; }

        public TimeSpan Now { get; set; }

        /// <summary>Destinations whose file is already so.</summary>
        public int[] Unchanged { get; set; } = [];

        public string[] Files { get; }

        public RunPlan Last { get; private set; } = null!;

        public bool Learn(string dependency, string value)
        {
            return Learn(dependency, new KeyData(value));
        }

        public bool Learn(string dependency, DependencyData data)
        {
            return Loop.Learn(DependencyText.TryRead(dependency)!, data);
        }

        public RenderOutcome Evaluate(int index)
        {
            return _parsed[index].Render(Loop.Brain, CancellationToken.None);
        }

        public string Go()
        {
            RunPlan plan = Last = Loop.Plan(Now, CancellationToken.None);
            List<string> lines = [];
            if (plan.Start.Count > 0)
            {
                lines.Add("start " + string.Join(' ', plan.Start));
            }

            if (plan.Stop.Count > 0)
            {
                lines.Add("stop " + string.Join(' ', plan.Stop));
            }

            List<RenderReport> reports = [];
            foreach (PlannedRender render in plan.Renders)
            {
                int index = int.Parse(render.Unit.Id);
                Assert.True(Evaluate(index).IsComplete);
                Files[index] = render.Text;
                lines.Add($"render {index}: {render.Text}");
                reports.Add(new RenderReport(render.Unit, render.Unit.Configs[0], Changed: !Unchanged.Contains(index)));
            }

            lines.AddRange(plan.Notes.Select(note => note.Kind switch
            {
                RunNoteKind.Missing => $"{note.Unit.Id} misses {string.Join(' ', note.Missing)}",
                RunNoteKind.Waiting => $"{note.Unit.Id} waits {note.Wait.TotalSeconds}s",
                _ => $"{note.Unit.Id} fails",
            }));
            if (plan.Failure is not null)
            {
                lines.Add("fatal");
                return string.Join("; ", lines);
            }

            RunConclusion conclusion = Loop.Conclude(reports);
            lines.AddRange(conclusion.Commands.Select(c => $"run {c.Config.Exec.Command[0]}"));
            if (conclusion.FirstComplete)
            {
                lines.Add("complete");
            }

            if (conclusion.Child != ChildAction.None)
            {
                lines.Add($"child {conclusion.Child}");
            }

            return string.Join("; ", lines);
        }
    }
}
