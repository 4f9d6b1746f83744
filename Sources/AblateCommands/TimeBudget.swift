public import ArgumentParser
public import Orchestration

/// A time as a person writes it: "90s", "20m", "2h", "1.5h".
package struct TimeBudget: ExpressibleByArgument, CustomStringConvertible {
    package let description: String
    /// Units: seconds.
    package let seconds: Double
    /// Some thirty years. Units: seconds.
    private static let longest = 1e9

    package init?(argument: String) {
        let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let last = argument.last, let factor = factors[last],
            let number = Double(argument.dropLast()), number > 0,
            number * factor <= Self.longest
        else { return nil }
        description = argument
        seconds = number * factor
    }
}

extension SweepPart: ExpressibleByArgument {
    /// "2/8": the second of eight.
    public init?(argument: String) {
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1] else {
            return nil
        }
        self.init(number, of: count)
    }
}
