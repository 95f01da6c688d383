using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Dogana.Protection.Ring;

/// <summary>When the ring needs another key, and the making of it.</summary>
internal static class RingKeys
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    // How long a key is known to all nodes before it is used.
    private static readonly TimeSpan Notice = TimeSpan.FromDays(2);

    /// <summary>From when on the next key should encrypt; null while the newest one lasts.</summary>
    public static DateTimeOffset? NextActivation(IReadOnlyList<RingKey> keys, DateTimeOffset now) =>
        keys.Count == 0 ? now : keys.Max(static key => key.ExpiresAt) < now + 2 * Notice ? now + Notice : null;

    /// <summary>Makes a key, as the framework makes them.</summary>
    public static RingKey Create(IReadOnlyList<RingKey> present, DateTimeOffset now, DateTimeOffset activation)
    {
        var repository = new RingRepository(present);
        using var framework = RingState.Compose(repository);
        var expires = activation + Lifetime;
        var key = framework.GetRequiredService<IKeyManager>().CreateNewKey(activation, expires);
        return new RingKey(key.KeyId.ToString("D"), repository.Added.Single(), now, expires);
    }
}

/// <summary>Gives the framework the keys that were read, and keeps what it makes: the store itself is reached by nobody but <see cref="RingRows"/>.</summary>
internal sealed class RingRepository(IReadOnlyList<RingKey> keys) : Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository
{
    public List<XElement> Added { get; } = [];

    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.Select(static key => new XElement(key.Element)), .. Added.Select(static element => new XElement(element))];

    public void StoreElement(XElement element, string friendlyName) => Added.Add(new XElement(element));
}
