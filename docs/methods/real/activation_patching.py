# Written for transformer-lens 4.3, and a model that needs about 1 GB of memory
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.patching import get_act_patch_attn_head_out_by_pos

model = TransformerBridge.boot_transformers("gpt2")
model.enable_compatibility_mode()
clean = model.to_tokens("When Mary and John went to the store, John gave a drink to")
corrupted = model.to_tokens("When Mary and John went to the store, Mary gave a drink to")
mary, john = model.to_single_token(" Mary"), model.to_single_token(" John")


def difference(logits):
    return logits[0, -1, mary] - logits[0, -1, john]


clean_logits, cache = model.run_with_cache(clean)
low, high = difference(model(corrupted)), difference(clean_logits)
patched = get_act_patch_attn_head_out_by_pos(model, corrupted, cache, difference)
print(((patched - low) / (high - low)).amax(dim=1))  # for each layer and head, over positions
