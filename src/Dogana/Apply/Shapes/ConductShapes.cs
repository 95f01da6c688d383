namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of how owners look after conduct.</summary>
internal static class ConductShapes
{
    public const string Section = "conduct";

    public static ObjectShape Settings() => new("conduct", "How a model owner looks after the conduct of its customers; what is left out has its default.", [
        new("owner", new ReferenceShape("The model owner.", WorldShapes.Organisations)),
        new("observe_only", new YesNoShape("Keep signals, and ask, tell and slow down nobody. false when left out."), IsRequired: false),
        new("signal_days", new WholeNumberShape("For how many days a signal that comes again is the same one; 30 when left out.", 1, 365), IsRequired: false),
        new("question_days", new WholeNumberShape("How many days a customer has to say what it uses models for; 7 when left out.", 1, 90), IsRequired: false),
        new("triage_hours", new WholeNumberShape("Within how many hours an officer looks; 72 when left out.", 1, 720), IsRequired: false),
        new("cure_days", new WholeNumberShape("How many days a customer has to put things right; 14 when left out.", 1, 365), IsRequired: false),
        new("appeal_days", new WholeNumberShape("How many days a customer has to appeal; 180 when left out.", 1, 365), IsRequired: false),
        new("appeal_decision_days", new WholeNumberShape("Within how many days an appeal is decided before the owner is told that it is late; 30 when left out.", 1, 365), IsRequired: false),
        new("interim_throttle_hours", new WholeNumberShape("The most hours for which calls are slowed down before anything is decided; 24 when left out.", 1, 168), IsRequired: false),
        new("interim_requests_per_minute", new WholeNumberShape("To how many requests a minute a strong signal slows calls down by itself; never when left out.", 1, 1_000_000), IsRequired: false),
        new("retention_days", new WholeNumberShape("For how many days after its end the texts of a case are kept; 180 when left out. The hashes stay.", 1, 3_650), IsRequired: false),
    ]);
}
