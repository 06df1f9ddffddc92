/// Makes the registries of many hosts one, through a store that all of them reach.
package dev.weft.cluster;
