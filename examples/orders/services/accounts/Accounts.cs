using System;
using System.Net.Http;
using System.Net.Http.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Shop.Accounts;

/// <summary>Enters paid orders into the books.</summary>
public sealed class Accounts
{
    /// <summary>How long an entry may take before it is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient client;
    private readonly ILogger<Accounts> log;

    public Accounts(Uri books, ILogger<Accounts> log)
    {
        client = new HttpClient { BaseAddress = books, Timeout = Patience };
        this.log = log;
    }

    /// <summary>Enters an order; the same order twice is one entry.</summary>
    public async Task Enter(string orderId, long cents, CancellationToken stop)
    {
        var entry = new { orderId, cents };
        using var answer = await client.PutAsJsonAsync($"entries/{orderId}", entry, stop);
        answer.EnsureSuccessStatusCode();
        log.LogInformation("Order {OrderId} is in the books", orderId);
    }
}
