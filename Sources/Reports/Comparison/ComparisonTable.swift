import Analysis

/// The table that a sweep is for: a row a configuration, mean ± standard deviation over seeds.
public enum ComparisonTable {
    /// Computes the table: the same input gives the same bytes, whatever the order of the trials.
    ///
    /// Nothing is hidden: failed and missing trials, unequal n, values that are not finite and
    /// mixed builds are footnoted. Values equal as printed share the mark of the best. References
    /// stand below the configurations and do not compete unless asked to.
    public static func make(from input: ComparisonInput) -> Table {
        var builder = ComparisonBuilder(input)
        return builder.build { difference, _ in difference }
    }

    /// As ``make(from:)``, the intervals of the differences by the BCa bootstrap.
    ///
    /// - Parameter generator: makes the random numbers of one comparison from its name, so that its
    ///   interval does not depend on which others the table has.
    public static func make(
        from input: ComparisonInput, resamples: Int = 9_999,
        bootstrap generator: (_ comparison: String) -> some RandomNumberGenerator
    ) -> Table {
        var builder = ComparisonBuilder(input)
        return builder.build { difference, name in
            var numbers = generator(name)
            return difference.bootstrapped(resamples: resamples, using: &numbers)
        }
    }
}
