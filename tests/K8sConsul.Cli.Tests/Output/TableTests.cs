using K8sConsul.Cli.Output;

namespace K8sConsul.Cli.Tests.Output;

public sealed class TableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_and_two_blanks_apart()
    {
        Assert.Equal(
            "Node  ID   DC\nn1    abc  dc1\nn222  b    ",
            Columns.Format([["Node", "ID", "DC"], ["n1", " abc ", "dc1"], ["n222", "b", ""]]));
    }

    [Fact]
    public void Cells_are_trimmed_and_empty_ones_keep_their_place()
    {
        Assert.Equal("a     b\n   x  c", Columns.Format([["a", "", "b"], ["", "x ", "c"]]));
        Assert.Equal("a  \n   c", Columns.Format([["a", ""], ["", "c"]]));
        Assert.Equal(string.Empty, Columns.Format([]));
    }

    [Fact]
    public void Letters_are_counted_and_not_bytes_or_halves_of_pairs()
    {
        Assert.Equal("é   x\n😀😀  y", Columns.Format([["é", "x"], ["😀😀", "y"]]));
    }

    [Fact]
    public void Rows_may_have_fewer_cells()
    {
        Assert.Equal("a\nbbb  c", Columns.Format([["a"], ["bbb", "c"]]));
    }

    [Theory]
    [InlineData("ID\tabc\nSize\t12\n", "ID        abc\nSize      12\n")]
    [InlineData("a\t\nbb\tx", "a       \nbb      x")]
    [InlineData("a\tb\tc\naa\tbb\tcc", "a       b       c\naa      bb      cc")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a\tb\n\na long one\tc", "a      b\n\na long one      c")]
    [InlineData("é\tb\nee\tc", "é       b\nee      c")]
    public void Tabs_line_up_cells_of_neighbouring_lines(string text, string formatted)
    {
        Assert.Equal(formatted, TabWriter.Format(text));
    }
}
