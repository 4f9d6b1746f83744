import NeuralNetwork
import Testing

@Suite("Numeric backend")
struct BackendTests {
    @Test("the build says what it runs on")
    func description() {
        NumericBackend.prepare()
        let description = NumericBackend.description
        #expect(!description.processor.isEmpty)
        #expect(description.openBLAS.contains("OpenBLAS"))
        #expect(description.compiledFor.hasPrefix("x86-64") || description.compiledFor == "arm64")
    }
}
