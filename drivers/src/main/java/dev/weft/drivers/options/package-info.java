/// The options that a person may give to a network or an endpoint: what they are called, and how they are read.
package dev.weft.drivers.options;
