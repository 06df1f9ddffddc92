package dev.weft.agent.upkeep;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.engine.Container;
import dev.weft.engine.ContainerDetails;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Containers that the engine should have started and left down, because the agent was not there yet: it tries once,
/// when it starts, and never again. For one thread.
final class MissedContainers {
    private static final System.Logger LOG = System.getLogger(MissedContainers.class.getName());
    private static final Duration START = Duration.ofMinutes(1);

    private final EngineApi engine;
    private final boolean start;
    private final Pattern blame;
    private final Set<String> tried = new HashSet<>();

    /// @param plugin what the engine calls this plugin: `weft`
    /// @param start  whether they are started, or only named
    MissedContainers(EngineApi engine, String plugin, boolean start) {
        this.engine = engine;
        this.start = start;
        var name = Pattern.quote(plugin);
        var quote = "(\\\\?\")?";
        this.blame = Pattern.compile("plugin " + quote + "(\\S*/)?" + name + "(:[\\w.-]+)?" + quote
                + " (not found|found but disabled)|/" + name + "\\.sock|Weft agent");
    }

    /// @return a sentence for each that is down
    List<String> look(EngineView view) {
        var sentences = new ArrayList<String>();
        var down = new HashSet<String>();
        for (var container : view.containers()) {
            if (isDown(container)) {
                engine.container(container.id()).filter(this::isMissed).ifPresent(missed -> {
                    down.add(missed.id());
                    if (!start || !started(missed)) {
                        sentences.add("container " + missed.name() + " was left down by the engine, because no agent"
                                + " answered when it was to start. Start it: docker start " + missed.name());
                    }
                });
            }
        }
        tried.retainAll(down);
        return sentences;
    }

    private static boolean isDown(Container container) {
        return container.state().equals("exited") || container.state().equals("created");
    }

    /// The engine keeps why it could not start a container.
    private boolean isMissed(ContainerDetails container) {
        return !container.restartPolicy().name().equals("no")
                && !container.restartPolicy().name().isEmpty()
                && blame.matcher(container.error()).find();
    }

    /// Tries once: what keeps failing is for a person.
    private boolean started(ContainerDetails container) {
        if (!tried.add(container.id())) {
            return false;
        }
        try {
            engine.start(container.id(), START);
            LOG.log(INFO, "started container {0}, which the engine had left down", container.name());
            return true;
        } catch (EngineException failure) {
            LOG.log(WARNING, "cannot start container {0}: {1}", container.name(), failure.getMessage());
            return false;
        }
    }
}
