using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using K8sConsul.Agent.Configuration;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Gossip;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Membership;

/// <summary>The keyring on disk: a JSON list of base64 keys, the primary first, readable by its owner only.</summary>
internal static class KeyringFile
{
    /// <summary>A ring has a handful of keys; a larger file is something else.</summary>
    private const int BytesMax = 1024 * 1024;

    /// <summary>The ring to start with: the file's if there is one, else a new one with the configured key, which is then written.</summary>
    /// <returns>Null without encryption.</returns>
    /// <exception cref="KeyringException">The file or the key cannot be used.</exception>
    public static Keyring? LoadOrCreate(string? path, ReadOnlySpan<byte> configuredKey)
    {
        if (path is not null && File.Exists(path))
        {
            return Load(path);
        }

        if (configuredKey.IsEmpty)
        {
            return null;
        }

        if (!GossipKey.TryCreate(configuredKey, out GossipKey key, out string error))
        {
            throw new KeyringException("Invalid key: " + error);
        }

        if (path is not null)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                Save(path, [key]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KeyringException($"cannot write keyring {path}: {e.Message}", e);
            }
        }

        return new Keyring([key]);
    }

    /// <summary>Replaces the file as a whole: after a crash it holds either the old ring or the new one.</summary>
    public static void Save(string path, ImmutableArray<GossipKey> keys)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (GossipKey key in keys)
            {
                writer.WriteStringValue(key.Base64);
            }

            writer.WriteEndArray();
        }

        string temporary = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(json.WrittenSpan);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static Keyring Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
            {
                throw new KeyringException($"keyring {path} is larger than {BytesMax} bytes");
            }

            GoJsonValue list = GoJsonParser.Parse(File.ReadAllBytes(path));
            if (list.Kind is not (GoJsonKind.Array or GoJsonKind.Null))
            {
                throw new KeyringException($"json: cannot unmarshal {list.GoKind} into Go value of type []string");
            }

            var keys = new List<GossipKey>();
            foreach (GoJsonValue item in list.Items)
            {
                byte[] raw = GoBase64.TryDecode(Encoding.UTF8.GetBytes(JsonDecode.Text(item, string.Empty)), out string error) ?? throw new KeyringException(error);
                keys.Add(GossipKey.TryCreate(raw, out GossipKey key, out error) ? key : throw new KeyringException(error));
            }

            return keys.Count > 0 ? new Keyring(keys) : throw new KeyringException($"no keys present in keyring: {path}");
        }
        catch (Exception e) when (e is GoJsonException or GossipException and not KeyringException)
        {
            // Go reads a file whole and a body as it comes: only the end of the one is an end of "JSON input".
            throw new KeyringException(e.Message is "unexpected EOF" or "EOF" ? "unexpected end of JSON input" : e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyringException($"open {path}: {OsError.TextOf(e)}", e);
        }
    }
}
