using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/txn</c>.</summary>
public static class TxnApi
{
    /// <summary>All or nothing. A transaction that was refused (409) is an answer too: its errors say which operations failed.</summary>
    public static ConsulRequest<TxnResponse> Apply(List<TxnOperation> operations, QueryOptions? options = null)
    {
        return new ConsulRequest<TxnResponse>("PUT", "/v1/txn", Read)
        {
            Body = ApiRequest.ToJson(operations, ConsulJsonContext.Default.ListTxnOperation),
        }.With(options);
    }

    private static TxnResponse Read(ConsulAnswer answer)
    {
        return (answer.StatusCode == 409 ? answer : answer.RequireOk()).ReadJson(ConsulJsonContext.Default.TxnResponse);
    }
}
