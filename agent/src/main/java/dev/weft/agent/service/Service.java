package dev.weft.agent.service;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The agent as a service: tells the service manager, if there is one, when it is ready, how it stands, that it stops,
/// and at an interval that it is not hung.
///
/// All that is told comes from one thread, so nobody ever waits for the manager.
public final class Service implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    /// For the last words; a manager that is not there any more must not keep the agent.
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /// After a call of its own that the agent did not answer; the next may be answered in time.
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /// What a manager tells this process alone (sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3)).
    private static final Set<String> VARIABLES =
            Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES");

    /// Half of what the manager waits for a sign of life; null if it does not.
    private final @Nullable Duration interval;

    private final SelfCall selfCall;

    /// Null if there is no manager.
    private final @Nullable Thread teller;

    // Guarded by this.
    private boolean ready;
    private boolean stopping;
    private String status = "";

    private Service(@Nullable Notices manager, @Nullable Duration interval, SelfCall selfCall) {
        this.interval = interval;
        this.selfCall = selfCall;
        teller = manager == null
                ? null
                : Thread.ofPlatform().daemon().name("weft-service").unstarted(() -> tell(manager));
    }

    /// @param environment of this process
    public static Service start(Map<String, String> environment, SelfCall selfCall) {
        var address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return new Service(null, null, selfCall);
        }
        var service = new Service(new Notices(address), interval(environment), selfCall);
        if (service.teller != null) {
            service.teller.start();
        }
        return service;
    }

    /// Half of what the manager waits, as sd_watchdog_enabled(3) recommends; none if it waits for no sign of
    /// this process.
    private static @Nullable Duration interval(Map<String, String> environment) {
        try {
            long microseconds = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            long process = Long.parseLong(environment.getOrDefault("WATCHDOG_PID", "0"));
            boolean ours = process == 0 || process == ProcessHandle.current().pid();
            return microseconds > 1 && ours ? Duration.of(microseconds / 2, ChronoUnit.MICROS) : null;
        } catch (NumberFormatException strange) {
            LOG.log(WARNING, "the service manager gets no signs of life: WATCHDOG_USEC or WATCHDOG_PID is no number");
            return null;
        }
    }

    /// Takes away what is meant for this process alone, before a child is started.
    public static void hideFrom(ProcessBuilder child) {
        child.environment().keySet().removeAll(VARIABLES);
    }

    /// Calls are answered from now on, if only with the reason why the agent cannot work. Again: how it stands now.
    ///
    /// @param status a sentence for people
    public synchronized void ready(String status) {
        ready = true;
        this.status = status;
        notifyAll();
    }

    /// Tells that the agent is about to stop. Returns when that was told, or after a moment. Again: does nothing.
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        if (teller == null) {
            return;
        }
        try {
            var _ = teller.join(FAREWELL);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Notices manager) {
        String told = null;
        long due = System.nanoTime();
        try {
            for (var now = next(told, due); now != null; now = next(told, due)) {
                if (told == null) {
                    manager.send("READY=1", Notices.status(now));
                } else if (!now.equals(told)) {
                    manager.send(Notices.status(now));
                }
                told = now;
                if (interval != null && due - System.nanoTime() <= 0) {
                    boolean answered = selfCall.isAnswered();
                    if (answered) {
                        manager.send("WATCHDOG=1");
                    }
                    due = System.nanoTime() + (answered || AGAIN.compareTo(interval) > 0 ? interval : AGAIN).toNanos();
                }
            }
            manager.send("STOPPING=1", Notices.status("stopping"));
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for something to be told: another status, or a sign of life that is due.
    ///
    /// @return the status, or null if the agent stops
    private synchronized @Nullable String next(@Nullable String told, long due) throws InterruptedException {
        while (!stopping) {
            long left = due - System.nanoTime();
            if (ready && (!status.equals(told) || (interval != null && left <= 0))) {
                return status;
            }
            if (ready && interval != null) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            } else {
                wait();
            }
        }
        return null;
    }
}
