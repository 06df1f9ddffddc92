/// What the agent does beside the calls of engines, with what the Docker API says: names, and what engines forgot to
/// tell.
package dev.weft.agent.upkeep;
