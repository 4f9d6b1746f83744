import Randomness

/// Foundation has a `Stream` too; in this module the word means a stream of random numbers.
typealias Stream = Randomness.Stream
