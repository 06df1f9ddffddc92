package dev.weft.packaging;

/// What keeps packages from being made, as a sentence.
public final class PackagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PackagingException(String sentence) {
        super(sentence);
    }

    PackagingException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
