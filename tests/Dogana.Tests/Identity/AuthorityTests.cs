using Dogana.Authority;
using Dogana.Tests.House;

namespace Dogana.Tests.Identity;

public sealed class AuthorityTests
{
    [Fact]
    public void The_matrix_is_as_documented()
    {
        // Each line of the document's table: a permission, then a word for each role.
        var roles = Enum.GetValues<Role>();
        var rows = Sources.TableRows(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operate", "people.md")))
            .Where(static row => row.Length == Enum.GetValues<Role>().Length + 1).Select(static row => string.Join('|', row)).ToArray();
        rows.ShouldBe([.. RoleMatrix.Permissions.Select(permission => string.Join('|', roles.Select(role => Word(role, permission)).Prepend($"`{RoleMatrix.NameOf(permission)}`")))]);
    }

    [Fact]
    public void Every_permission_has_one_row_and_one_name()
    {
        RoleMatrix.Permissions.Order().ShouldBe(Enum.GetValues<Permission>().Order());
        RoleMatrix.Permissions.Select(RoleMatrix.NameOf).Distinct(StringComparer.Ordinal).Count().ShouldBe(RoleMatrix.Permissions.Count);
        RoleMatrix.NameOf(Permission.MeasurePropose).ShouldBe("measure.propose");
    }

    [Fact]
    public void An_auditor_changes_nothing_and_an_owner_may_all()
    {
        RoleMatrix.Permissions.Where(static permission => RoleMatrix.Allows(Role.Auditor, permission)).ShouldAllBe(static permission => RoleMatrix.NameOf(permission).EndsWith(".read"));
        RoleMatrix.Permissions.ShouldAllBe(static permission => RoleMatrix.Allows(Role.Owner, permission));
    }

    [Fact]
    public void Nobody_alone_proposes_and_approves_but_an_owner() =>
        Enum.GetValues<Role>().Where(static role => RoleMatrix.Allows(role, Permission.MeasurePropose) && RoleMatrix.Allows(role, Permission.MeasureApprove)).ShouldBe([Role.Owner]);

    [Theory]
    [InlineData("developer", "platform", true)]
    [InlineData("developer", "organisation:acme", true)]
    [InlineData("owner", "organisation:acme", false)]
    [InlineData("reseller_admin", "platform", false)]
    [InlineData("reseller_admin", "channel:cloud", true)]
    [InlineData("customer_admin", "channel:cloud", false)]
    [InlineData("developer", "organisation:", false)]
    [InlineData("developer", "organisation:ACME", false)]
    [InlineData("developer", "project:app", false)]
    [InlineData("pope", "platform", false)]
    public void A_grant_is_read_as_it_is_written(string role, string scope, bool isOne)
    {
        var grant = Grant.Of(role, scope);
        (grant.Problem is null).ShouldBe(isOne);
        if (isOne)
        {
            Grant.Parse(Grant.Text([grant.Value])).ShouldBe([grant.Value]);
        }
    }

    [Fact]
    public void Who_has_a_scope_covers_it_and_no_other()
    {
        var (acme, lumen, cloud) = (GrantScope.Organisation("acme"), GrantScope.Organisation("lumen"), GrantScope.Channel("cloud"));
        var admin = new Principal("a", [new Grant(Role.CustomerAdmin, acme)]);

        admin.Covers([new Grant(Role.Developer, acme)]).ShouldBeTrue();
        admin.Covers([new Grant(Role.Auditor, acme), new Grant(Role.Finance, acme)]).ShouldBeTrue();
        admin.Covers([new Grant(Role.Developer, lumen)]).ShouldBeFalse();
        admin.Covers([new Grant(Role.Developer, cloud)]).ShouldBeFalse();
        admin.Covers([new Grant(Role.Developer, GrantScope.Platform)]).ShouldBeFalse();
        admin.ReachOf(Permission.KeyRead).ShouldSatisfyAllConditions(
            reach => reach.IsAll.ShouldBeFalse(), reach => reach.Has("acme", "direct").ShouldBeTrue(), reach => reach.Has("lumen", "direct").ShouldBeFalse());
        admin.ReachOf(Permission.WorldApply).IsNothing.ShouldBeTrue();
        new Principal("f", [new Grant(Role.Finance, acme)]).ReachOf(Permission.PeriodClose).IsNothing.ShouldBeTrue("a tenant closes no month");
    }

    private static string Word(Role role, Permission permission) =>
        !RoleMatrix.Allows(role, permission) ? "" : RoleMatrix.ScopesOf(role).Contains(ScopeKind.Platform) ? "x" : RoleMatrix.IsForTenants(permission) ? "own" : "";
}
