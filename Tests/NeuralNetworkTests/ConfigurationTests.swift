import Foundation
import NeuralNetwork
import Randomness
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    @Test("the default is the reference model, and each fault is named with its value and rule")
    func validation() throws {
        try CRNNConfiguration(inputChannels: 10).validate()
        func message(_ change: (inout CRNNConfiguration) -> Void) -> String {
            var configuration = CRNNConfiguration(inputChannels: 10)
            change(&configuration)
            do {
                try configuration.validate()
                return "no fault"
            } catch { return "\(error)" }
        }
        #expect(
            message { $0.inputChannels = 0 } == "inputChannels is 0, but must be in 1...1024")
        #expect(message { $0.kernelSize = 4 } == "kernel size is 4, but must be odd: 1, 3, 5 or 7")
        #expect(
            message { $0.channels = [8] }
                == "there are 3 pools for 1 convolution blocks: give one pool a block")
        #expect(
            message { $0.pools[1] = [2] }
                == "the pool of block 1 is [2], but must be two numbers from 1 on whose product is "
                + "at most 256: [frames, bins]")
        #expect(
            message { $0.bins = 16 }
                == "block 2 pools a map of 16 frames x 1 bins by [2, 2]: nothing is left; use "
                + "smaller pools or larger maps")
    }

    @Test("sizes survive JSON")
    func codable() throws {
        let configuration = CRNNConfiguration(inputChannels: 3, channels: [32, 64, 96])
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(CRNNConfiguration.self, from: data) == configuration)
        #expect(configuration.embeddingSize == 256)
        #expect(configuration.pooledSize == (8, 2))
    }

    @Test("the same stream gives the same weights, another seed others, within PyTorch's bounds")
    func initialisation() throws {
        func weights(_ seed: UInt64) throws -> [[Float]] {
            var stream = Stream(seed, "weights")
            return try CRNN(CRNNConfiguration(inputChannels: 10), initialisation: &stream)
                .parameters.map(\.value.values)
        }
        let first = try weights(1)
        #expect(try weights(1) == first)
        #expect(try weights(2) != first)
        let largest = first[0].map(abs).max()!
        #expect(largest <= 1 / Float(90).squareRoot())
        #expect(largest > 0.99 / Float(90).squareRoot())
    }
}
