package dev.weft.agent.crash;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The moments at which the agent can be killed, as they are passed: what has happened before one is done, what comes
/// after it is not begun. At one of them the process says so and waits for its end.
final class Points {
    private final PrintStream out;
    private final List<String> passed = new ArrayList<>();
    private String doing = "";
    private int last;
    private boolean counting;
    private boolean unchanged;
    private String step = "";
    private int messages;

    Points(PrintStream out) {
        this.out = out;
    }

    /// From now on points count.
    ///
    /// @param number of the point at which to wait, from 1; 0: at none
    synchronized void begin(int number) {
        passed.clear();
        last = number;
        counting = true;
    }

    /// @return those that were passed
    synchronized List<String> end() {
        counting = false;
        return List.copyOf(passed);
    }

    /// A call has come, or work of the agent's own begins.
    synchronized void received(String what) {
        doing = what;
        reach("received");
        unchanged = true;
    }

    /// All is done that it asked for. Where that was nothing, this is no other moment than the one before.
    synchronized void done() {
        if (!unchanged) {
            reach("done");
        }
        doing = "";
    }

    /// A step begins.
    synchronized void step(String what) {
        step = what;
        messages = 0;
    }

    /// Before the first message of a step nothing is different from what it was before the step.
    synchronized void message() {
        if (!step.isEmpty() && messages++ > 0) {
            reach("in the midst of " + step);
        }
    }

    /// A step has ended, however it went.
    synchronized void stepEnds() {
        step = "";
    }

    synchronized void reach(String point) {
        unchanged = false;
        if (!counting) {
            return;
        }
        var name = doing.isEmpty() ? point : doing + ": " + point;
        passed.add(name);
        if (passed.size() == last) {
            out.println("at " + name);
            while (true) { // whoever reaches another point waits for this one
                LockSupport.park();
            }
        }
    }
}
