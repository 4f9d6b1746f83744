import ResultsStore

/// How much faster a stage is on several threads than on one.
public enum ThreadSpeed {
    /// Amdahl 1967 (doi:10.1145/1465482.1465560).
    ///
    /// - Parameter serialShare: of the stage's time, what one thread does while the others wait (`Stage/serialShare`).
    public static func factor(threads: Double, serialShare: Double) -> Double {
        1 / (serialShare + (1 - serialShare) / max(1, threads))
    }
}

extension Stage {
    /// How much faster it is with so many threads; 1 where its time is the clock's.
    func speed(threads: Double) -> Double {
        guard sharesItsTime else { return 1 }
        return ThreadSpeed.factor(
            threads: min(threads, Double(max(1, self.threads))), serialShare: serialShare)
    }
}
