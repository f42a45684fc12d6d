using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Addresses;

/// <summary>IP addresses as numbers.</summary>
public static class AddressBits
{
    public static int WidthOf(IPAddress address)
    {
        return address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
    }

    public static UInt128 ToNumber(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Bits beyond the width are dropped.</summary>
    public static IPAddress FromNumber(UInt128 number, int width)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(width == 32 ? bytes.AsSpan(12) : bytes);
    }

    /// <summary>Ones for the network's part, within the width.</summary>
    public static UInt128 Mask(int prefixLength, int width)
    {
        UInt128 all = width == 32 ? uint.MaxValue : UInt128.MaxValue;
        return prefixLength == 0 ? 0 : all & ~((UInt128.One << (width - prefixLength)) - 1);
    }

    public static IPAddress NetworkOf(IPAddress address, int prefixLength)
    {
        int width = WidthOf(address);
        return FromNumber(ToNumber(address) & Mask(prefixLength, width), width);
    }

    public static IPAddress LastOf(IPAddress address, int prefixLength)
    {
        int width = WidthOf(address);
        return FromNumber(ToNumber(address) | ~Mask(prefixLength, width), width);
    }
}
