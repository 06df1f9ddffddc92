/// The commands of `weft`, a file for each.
package dev.weft.agent.cli;
