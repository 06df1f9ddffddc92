/// The least that a network driver can be: containers get nothing from it.
package dev.weft.examples.none;
