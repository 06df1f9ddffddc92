/// Addresses from a text file.
package dev.weft.examples.ipamfile;
