using System.Text;
using K8sConsul.Agent.Checks;

namespace K8sConsul.Agent.Tests.Checks;

public sealed class TailBufferTests
{
    [Fact]
    public void Keeps_the_last_bytes_however_they_come()
    {
        Random random = new(5);
        for (int round = 0; round < 3000; round++)
        {
            int limit = random.Next(1, 40);
            TailBuffer tail = new(limit);
            StringBuilder all = new();
            for (int i = random.Next(0, 12); i > 0; i--)
            {
                string part = string.Concat(Enumerable.Range(0, random.Next(0, 60)).Select(_ => (char)random.Next('a', 'z')));
                all.Append(part);
                tail.Write(Encoding.UTF8.GetBytes(part));
            }

            string text = all.ToString();
            Assert.Equal(text.Length, tail.Total);
            Assert.Equal(text[^Math.Min(limit, text.Length)..], tail.ToString());
        }
    }

    [Fact]
    public void A_character_that_was_cut_in_two_is_replaced()
    {
        TailBuffer tail = new(3);
        tail.Write("éé"u8);
        Assert.Equal("\ufffdé", tail.ToString());
    }
}
