namespace Dogana.Metering;

public abstract record Usage(long Tokens);
