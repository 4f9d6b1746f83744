import MCSimCLR

extension EvaluationResult {
    /// Units: percent.
    var accuracy: Double { metrics(prefix: "x")["x_accuracy"] ?? .nan }
    /// Units: degrees.
    var meanError: Double { metrics(prefix: "x")["x_error"] ?? .nan }
}
