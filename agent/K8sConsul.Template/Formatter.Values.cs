using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace K8sConsul.Template;

/// <summary>Values by kind.</summary>
internal sealed partial class Formatter
{
    private const string Nil = "<nil>";
    private const ulong Address = 0xc000000000;

    /// <summary>A whole argument.</summary>
    private void Format(Value value, int verb)
    {
        value = value.Unwrapped;
        if (!value.Exists)
        {
            if (verb is 'T' or 'v')
            {
                WritePadded(Nil);
            }
            else
            {
                ReportVerb(value, verb);
            }

            return;
        }

        switch (verb)
        {
            case 'T':
                WriteText(value.Type!.Name);
                break;
            case 'p':
                WritePointer(value, verb);
                break;
            // Go's verb for wrapped errors; bytes are taken apart before anyone looks.
            case 'w' when value.Type!.Element?.Kind != GoKind.Uint8:
                ReportVerb(value, verb);
                break;
            default:
                FormatPart(value, verb, depth: 0);
                break;
        }
    }

    /// <summary>An argument, or a part of one.</summary>
    private void FormatPart(Value value, int verb, int depth)
    {
        _execution.CountSteps();
        _execution.Budget.CheckLength(_text.Length);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new LimitReachedException("a value is nested too deeply to be printed");
        }

        if (value.Data is ITemplateText self)
        {
            if (!_reporting && !_flags.SharpV && (verb is 'v' or 's' or 'x' or 'X' or 'q'))
            {
                FormatText(value, self.ToTemplateText(), verb);
                return;
            }

            value = value with { Data = self.Value ?? self };
        }

        switch (value.Kind)
        {
            case GoKind.Bool:
                FormatBool(value, verb);
                break;
            case GoKind.Float32 or GoKind.Float64:
                FormatReal(value, Numbers.Real(value.Data), isSingle: value.Kind == GoKind.Float32, verb);
                break;
            case GoKind.Complex128:
                FormatComplex(value, (Complex)value.Data!, verb);
                break;
            case GoKind.String:
                FormatText(value, (string)value.Data!, verb);
                break;
            case GoKind.Map:
                FormatMap(value, verb, depth);
                break;
            case GoKind.Struct:
                FormatStructure(value, verb, depth);
                break;
            case GoKind.Interface:
                FormatInterface(value, verb, depth);
                break;
            case GoKind.Slice:
                FormatList(value, verb, depth);
                break;
            case GoKind.Pointer when depth == 0 && value.Data is not null:
                Write('&');
                FormatPart(value with { Type = value.Type!.Element }, verb, depth + 1);
                break;
            case GoKind.Pointer or GoKind.Function:
                WritePointer(value, verb);
                break;
            default:
                FormatWhole(value, verb);
                break;
        }
    }

    /// <summary>The verb does not go with the value: say so, and show both.</summary>
    private void ReportVerb(Value value, int verb)
    {
        _reporting = true;
        Write($"%!{new Rune(verb)}(");
        if (value.Exists)
        {
            Write(value.Type!.Name);
            Write('=');
            Format(value, 'v');
        }
        else
        {
            Write(Nil);
        }

        Write(')');
        _reporting = false;
    }

    private void FormatBool(Value value, int verb)
    {
        if (verb is 't' or 'v')
        {
            WritePadded(value.Data is true ? "true" : "false");
        }
        else
        {
            ReportVerb(value, verb);
        }
    }

    private void FormatComplex(Value value, Complex complex, int verb)
    {
        if (verb is not ('v' or 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E'))
        {
            ReportVerb(value, verb);
            return;
        }

        bool plus = _flags.Plus;
        Write('(');
        FormatReal(value, complex.Real, isSingle: false, verb);
        _flags.Plus = true;
        FormatReal(value, complex.Imaginary, isSingle: false, verb);
        Write("i)");
        _flags.Plus = plus;
    }

    private void FormatInterface(Value value, int verb, int depth)
    {
        if (value.Data is not null)
        {
            FormatPart(value.Unwrapped, verb, depth + 1);
        }
        else
        {
            Write(_flags.SharpV ? "interface {}(nil)" : Nil);
        }
    }

    private void FormatMap(Value map, int verb, int depth)
    {
        if (!Open(map, "map["))
        {
            return;
        }

        bool first = true;
        foreach ((Value key, Value item) in map.SortedEntries())
        {
            Separate(ref first);
            FormatPart(key, verb, depth + 1);
            Write(':');
            FormatPart(item, verb, depth + 1);
        }

        Write(_flags.SharpV ? '}' : ']');
    }

    private void FormatList(Value list, int verb, int depth)
    {
        if (list.Type!.Element!.Kind == GoKind.Uint8 && (verb is 's' or 'q' or 'x' or 'X'))
        {
            FormatBytes(list, verb);
            return;
        }

        if (!Open(list, "["))
        {
            return;
        }

        bool first = true;
        int count = list.Count;
        for (int i = 0; i < count; i++)
        {
            Separate(ref first);
            FormatPart(list.ItemAt(i), verb, depth + 1);
        }

        Write(_flags.SharpV ? '}' : ']');
    }

    private void FormatStructure(Value structure, int verb, int depth)
    {
        if (structure.Data is not ITemplateObject fields)
        {
            // None of ours: it is known by its text alone.
            if (_reporting || verb is 'v' or 's')
            {
                WritePadded((structure.Data as ITemplateText)?.ToTemplateText() ?? structure.Data?.ToString() ?? "{}");
            }
            else
            {
                ReportVerb(structure, verb);
            }

            return;
        }

        Write(_flags.SharpV ? structure.Type!.Name : "");
        Write('{');
        bool first = true;
        foreach (string name in fields.FieldNames)
        {
            Separate(ref first);
            if (_flags.PlusV || _flags.SharpV)
            {
                Write(name);
                Write(':');
            }

            Value field = structure.FieldOf(name);
            FormatPart(field.IsInterface && field.Data is not null ? field.Unwrapped : field, verb, depth + 1);
        }

        Write('}');
    }

    /// <returns>False: nil, in Go syntax.</returns>
    private bool Open(Value value, string plain)
    {
        if (!_flags.SharpV)
        {
            Write(plain);
            return true;
        }

        // Bytes are called by the name that programs write.
        Write(value.Type!.Name == "[]uint8" ? "[]byte" : value.Type.Name);
        Write(value.Data is null ? "(nil)" : "{");
        return value.Data is not null;
    }

    private void Separate(ref bool first)
    {
        Write(first ? "" : _flags.SharpV ? ", " : " ");
        first = false;
    }

    /// <summary>An address would differ from run to run: every value has the same one here.</summary>
    private void WritePointer(Value value, int verb)
    {
        if (value.Kind is not (GoKind.Pointer or GoKind.Function or GoKind.Map or GoKind.Slice))
        {
            ReportVerb(value, verb);
            return;
        }

        switch (verb)
        {
            case 'v' when value.Data is null:
                WritePadded(_flags.SharpV ? $"({value.Type})(nil)" : Nil);
                break;
            case 'v' or 'p':
                string address = value.Data is null ? "0x0" : $"0x{Address:x}";
                WritePadded(_flags.SharpV ? $"({value.Type})({address})" : address);
                break;
            case 'b' or 'o' or 'd' or 'x' or 'X':
                FormatWhole(new Value(value.Data is null ? 0UL : Address, GoType.Uint64), verb);
                break;
            default:
                ReportVerb(value, verb);
                break;
        }
    }
}
