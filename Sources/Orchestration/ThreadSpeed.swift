/// How much faster a stage is on several threads than on one.
public enum ThreadSpeed {
    /// Share of a stage that one thread does while the others wait. An assumption: of a step of the reference model head and loss
    /// are 1 % (`make bench`), the rest is left for what is around the steps.
    public static let serialShare = 0.04

    /// Amdahl 1967 (doi:10.1145/1465482.1465560).
    public static func factor(threads: Double) -> Double {
        1 / (serialShare + (1 - serialShare) / max(1, threads))
    }
}
