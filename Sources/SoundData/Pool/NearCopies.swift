import Platform
import Synchronization

/// Finds sounds that are nearly the same as one that is there already: cut otherwise, delayed, louder or
/// quieter, resampled, coded with loss, a little noisy.
struct NearCopies: Sendable {
    /// Sounds whose log-mel maps correlate above this at some shift are near-copies.
    static let threshold = 0.95

    private var maps: [SoundMap] = []

    init() {}

    /// With the sounds that `load` gives for `0 ..< count`, loaded on all processors.
    init(count: Int, load: @Sendable (Int) -> [Float]?) {
        let found = Mutex([SoundMap?](repeating: nil, count: count))
        Parallel.perform(iterations: count) { index in
            let map = load(index).flatMap { SoundMap($0) }
            found.withLock { $0[index] = map }
        }
        maps = found.withLock { $0 }.compactMap { $0 }
    }

    /// The maps of a sound that is looked for: as its frames fall, and half a hop later.
    static func views(_ samples: [Float]) -> [SoundMap] {
        [0, SoundMap.hop / 2].compactMap { SoundMap(samples, delay: $0) }
    }

    func contain(_ views: [SoundMap]) -> Bool {
        maps.contains { map in
            views.contains { $0.similarity(to: map, above: Self.threshold) != nil }
        }
    }

    /// - Parameter views: of one sound.
    mutating func add(_ views: [SoundMap]) {
        if let map = views.first { maps.append(map) }
    }
}
