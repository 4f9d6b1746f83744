import NeuralNetwork

/// What is kept with each result, so that tables can tell mixed builds apart.
enum BuildName {
    static let version = "0.1.0"

    static var current: String {
        let backend = NumericBackend.description
        return "ablate \(version), \(backend.processor), OpenBLAS \(backend.openBLAS), "
            + backend.compiledFor
    }
}
