/// What the agent does beside the calls of engines: it mends what should exist, and finds out from the Docker API
/// names,
/// and what engines forgot to tell.
package dev.weft.agent.upkeep;
