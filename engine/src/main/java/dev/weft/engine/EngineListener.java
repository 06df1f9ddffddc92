package dev.weft.engine;

/// What an [EngineWatch] tells, on its one thread. Whatever a method throws ends the connection; after a pause the
/// watch
/// connects anew and tells [#connected] again.
public interface EngineListener {
    /// The engine can be asked, for the first time or again; all that happened before went unheard, so look at
    /// everything. What happens meanwhile is told afterwards. Engines drop events for listeners that are more
    /// than a thousand behind.
    void connected();

    /// May be of something that was seen already.
    void happened(EngineEvent event);

    /// The engine cannot be heard, and why. Told once for each of a few reasons; the watch goes on trying.
    void lost(EngineException reason);
}
