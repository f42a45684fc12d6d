using K8sConsul.Simulation.Running;

return CommandLine.Run(args, Console.Out, Console.Error);
