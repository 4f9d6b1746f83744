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

    @Test("this processor has the instructions of this build, and a lack is told in one line")
    func instructions() {
        #expect(NumericBackend.unsupportedInstructions() == nil)
        let line = NumericBackend.unsupportedLine("AVX-512F")
        #expect(line.hasPrefix("this build was made for \(NumericBackend.description.compiledFor)"))
        #expect(
            line.hasSuffix(
                "but this processor has no AVX-512F: use the build for x86-64-v3, or build here "
                    + "(ABLATE_TARGET=native)"))
    }
}
