# Written for transformer-lens 4.3,
# and a model that needs about 1 GB of memory
from transformer_lens import patching
from transformer_lens.model_bridge import TransformerBridge

model = TransformerBridge.boot_transformers("gpt2")
model.enable_compatibility_mode()
story = "When Mary and John went to the store, {} gave a drink to"
clean = model.to_tokens(story.format("John"))
corrupted = model.to_tokens(story.format("Mary"))
mary = model.to_single_token(" Mary")
john = model.to_single_token(" John")


def difference(logits):
    return logits[0, -1, mary] - logits[0, -1, john]


clean_logits, cache = model.run_with_cache(clean)
low = difference(model(corrupted))
high = difference(clean_logits)
patched = patching.get_act_patch_attn_head_out_by_pos(
    model, corrupted, cache, difference
)
# For each layer and head, over positions
print(((patched - low) / (high - low)).amax(dim=1))
