import ArgumentParser

/// A time as a person writes it: "90s", "20m", "2h", "1.5h".
struct TimeBudget: ExpressibleByArgument, CustomStringConvertible {
    let description: String
    /// Units: seconds.
    let seconds: Double

    init?(argument: String) {
        let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let last = argument.last, let factor = factors[last],
            let number = Double(argument.dropLast()), number > 0, number.isFinite
        else { return nil }
        description = argument
        seconds = number * factor
    }
}
