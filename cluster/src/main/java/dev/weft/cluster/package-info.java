/// Makes the registries of many hosts one, through a store that all of them reach.
@NullMarked
package dev.weft.cluster;

import org.jspecify.annotations.NullMarked;
