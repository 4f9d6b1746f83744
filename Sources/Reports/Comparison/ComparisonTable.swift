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
        return builder.build { $0 }
    }

    /// As ``make(from:)``, the intervals of the differences by the BCa bootstrap, which draws from
    /// `generator` in the order of the table's cells.
    public static func make(
        from input: ComparisonInput, bootstrap generator: inout some RandomNumberGenerator,
        resamples: Int = 9_999
    ) -> Table {
        var builder = ComparisonBuilder(input)
        return builder.build { difference in
            difference.bootstrapped(resamples: resamples, using: &generator)
        }
    }
}
