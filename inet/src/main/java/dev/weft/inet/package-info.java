/// Immutable value types of networking, each parsed from and printed as the text that `docker` and `ip` use.
package dev.weft.inet;
