package dev.weft.drivers.plan;

/// A link is not as a step needs it, and mending it is not ours to do; the message says what a person can do.
public final class LinkConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LinkConflict(String link, String problem) {
        super("link " + link + " " + problem + ".");
    }
}
