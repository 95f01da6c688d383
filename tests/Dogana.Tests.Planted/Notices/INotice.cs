namespace Dogana.Notices;

public interface INotice;
