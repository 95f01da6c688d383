using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Dogana.Protection.Ring;

/// <summary>The framework over the keys of one moment; swapped whole when the ring grows.</summary>
internal sealed class RingState(IReadOnlyList<RingKey> keys)
{
    // Part of every purpose: what another application of the framework encrypts is not ours.
    private const string Application = "dogana";

    private readonly IDataProtectionProvider _provider = Compose(new RingRepository(keys)).GetRequiredService<IDataProtectionProvider>();

    public bool Holds(IReadOnlyList<RingKey> read) => keys.Count == read.Count && keys.Zip(read).All(static pair => pair.First.Id == pair.Second.Id);

    public IDataProtector Protector(string[] purpose) => _provider.CreateProtector(purpose);

    /// <summary>The framework by itself: it makes no key of its own accord and logs nowhere.</summary>
    public static ServiceProvider Compose(RingRepository repository)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName(Application).DisableAutomaticKeyGeneration();
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = repository;
            options.AuthenticatedEncryptorConfiguration = new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM };
        });
        return services.BuildServiceProvider();
    }
}
