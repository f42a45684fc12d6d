using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace K8sConsul.Addresses;

/// <summary>Asks the operating system, anew at each call.</summary>
public sealed class SystemNetworkInterfaces : INetworkInterfaces
{
    private const string RouteTable = "/proc/net/route";

    public IReadOnlyList<InterfaceAddress> Addresses()
    {
        var addresses = new List<InterfaceAddress>();
        foreach (NetworkInterface device in NetworkInterface.GetAllNetworkInterfaces().OrderBy(IndexOf))
        {
            InterfaceFlags flags = FlagsOf(device);
            foreach (UnicastIPAddressInformation unicast in device.GetIPProperties().UnicastAddresses
                .OrderBy(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1))
            {
                // The scope is no part of an address that others are to use.
                var address = new System.Net.IPAddress(unicast.Address.GetAddressBytes());
                addresses.Add(new InterfaceAddress(device.Name, flags, address, unicast.PrefixLength));
            }
        }

        return addresses;
    }

    public string? DefaultInterface()
    {
        if (!File.Exists(RouteTable))
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .FirstOrDefault(device => device.GetIPProperties().GatewayAddresses.Count > 0)?.Name;
        }

        // Columns: interface, destination, …, mask as the eighth; the first default route has the least metric.
        foreach (string line in File.ReadLines(RouteTable).Skip(1))
        {
            string[] columns = line.Split('\t', StringSplitOptions.TrimEntries);
            if (columns.Length > 7 && columns[1] is "00000000" && columns[7] is "00000000")
            {
                return columns[0];
            }
        }

        return null;
    }

    private static int IndexOf(NetworkInterface device)
    {
        return device.Supports(NetworkInterfaceComponent.IPv4) && device.GetIPProperties().GetIPv4Properties() is { } four ? four.Index
            : device.Supports(NetworkInterfaceComponent.IPv6) && device.GetIPProperties().GetIPv6Properties() is { } six ? six.Index
            : int.MaxValue;
    }

    private static InterfaceFlags FlagsOf(NetworkInterface device)
    {
        string path = $"/sys/class/net/{device.Name}/flags";
        if (File.Exists(path)
            && int.TryParse(
                File.ReadAllText(path).AsSpan().Trim()[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int flags))
        {
            const InterfaceFlags Known = InterfaceFlags.Up | InterfaceFlags.Broadcast | InterfaceFlags.Loopback
                | InterfaceFlags.PointToPoint | InterfaceFlags.Multicast;
            return (InterfaceFlags)flags & Known;
        }

        InterfaceFlags guessed = device.OperationalStatus == OperationalStatus.Up ? InterfaceFlags.Up : InterfaceFlags.None;
        guessed |= device.SupportsMulticast ? InterfaceFlags.Multicast : InterfaceFlags.None;
        return guessed | device.NetworkInterfaceType switch
        {
            NetworkInterfaceType.Loopback => InterfaceFlags.Loopback,
            NetworkInterfaceType.Ppp or NetworkInterfaceType.Tunnel => InterfaceFlags.PointToPoint,
            _ => InterfaceFlags.Broadcast,
        };
    }
}
