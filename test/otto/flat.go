package main

import (
	"bytes"
	"encoding/json"
	"math"
)

type object = map[string]interface{}

// flatEvent is an event as filters see it: maps by JSON name, `metadata` merged into its owner, every key there, labels
// and annotations never nil, nil objects undefined, and the answers of some methods as extra keys.
func flatEvent(text []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var raw object
	if err := decoder.Decode(&raw); err != nil {
		return nil, err
	}
	event := flattened(raw, object{"timestamp": int64(0), "sequence": int64(0), "id": []byte{}, "pipelines": []interface{}{}})
	entity, has_entity := event["entity"].(object)
	if has_entity {
		event["entity"] = flattened(entity, object{"entity_class": "", "last_seen": int64(0), "subscriptions": []interface{}{}})
	}
	check, has_check := event["check"].(object)
	if has_check {
		check = flattened(check, zeroCheck())
		event["check"] = check
	} else {
		event["check"] = nil
	}
	_, has_metrics := event["metrics"].(object)
	if !has_metrics {
		event["metrics"] = nil
	}
	event["has_check"] = has_check
	event["has_metrics"] = has_metrics
	event["is_incident"] = has_check && !isZero(check["status"])
	event["is_resolution"] = has_check && isZero(check["status"]) && failedBefore(check["history"])
	event["is_silenced"] = has_check && length(check["silenced"]) > 0
	event["is_flapping_start"] = has_check && check["state"] == "flapping"
	event["is_flapping_end"] = false
	return event, nil
}

func zeroCheck() object {
	return object{
		"status": uint32(0), "output": "", "state": "", "command": "", "handlers": []interface{}{}, "history": []interface{}{},
		"executed": int64(0), "issued": int64(0), "last_ok": int64(0), "interval": uint32(0), "timeout": uint32(0),
		"ttl": int64(0), "duration": float64(0), "occurrences": int64(0), "occurrences_watermark": int64(0),
		"total_state_change": uint32(0), "silenced": []interface{}{}, "is_silenced": false, "processed_by": "",
		"proxy_entity_name": "", "hooks": []interface{}{}, "check_hooks": []interface{}{}, "subdue": nil,
	}
}

// flattened merges the metadata of a resource into it, over the zero values of the keys that it leaves out.
func flattened(raw object, zero object) object {
	flat := object{"name": "", "namespace": "", "labels": object{}, "annotations": object{}, "created_by": ""}
	for key, value := range zero {
		flat[key] = value
	}
	metadata, _ := raw["metadata"].(object)
	for _, source := range []object{raw, metadata} {
		for key, value := range source {
			if value = plain(value); value != nil && key != "metadata" {
				flat[key] = value
			}
		}
	}
	return flat
}

// plain turns the numbers of JSON into Go's, and flattens the metadata of things in lists, such as hooks.
func plain(value interface{}) interface{} {
	switch value := value.(type) {
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			if whole >= 0 && whole <= math.MaxUint32 {
				return uint32(whole)
			}
			return whole
		}
		float, _ := value.Float64()
		return float
	case []interface{}:
		list := make([]interface{}, len(value))
		for i, item := range value {
			list[i] = plain(item)
			if entry, ok := list[i].(object); ok && entry["metadata"] != nil {
				list[i] = flattened(entry, object{})
			}
		}
		return list
	case object:
		copied := object{}
		for key, item := range value {
			copied[key] = plain(item)
		}
		return copied
	}
	return value
}

func isZero(value interface{}) bool {
	return value == uint32(0)
}

func length(value interface{}) int {
	list, _ := value.([]interface{})
	return len(list)
}

func failedBefore(value interface{}) bool {
	history, _ := value.([]interface{})
	if len(history) < 2 {
		return false
	}
	previous, _ := history[len(history)-2].(object)
	return !isZero(previous["status"])
}
