package main

import "encoding/json"

// A mutator of type javascript gets the live Go object: JSON names and Go names work, and JSON.stringify goes through
// MarshalJSON. These are the parts of sensu/core's types that tests look at.
type meta struct {
	Name        string            `json:"name,omitempty"`
	Namespace   string            `json:"namespace,omitempty"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type check struct {
	meta        `json:"metadata"`
	Status      uint32    `json:"status"`
	Output      string    `json:"output"`
	State       string    `json:"state,omitempty"`
	History     []history `json:"history"`
	Hooks       []hook    `json:"hooks,omitempty"`
	Executed    int64     `json:"executed"`
	Issued      int64     `json:"issued"`
	LastOK      int64     `json:"last_ok,omitempty"`
	Interval    uint32    `json:"interval"`
	TTL         int64     `json:"ttl"`
	Duration    float64   `json:"duration,omitempty"`
	Occurrences int64     `json:"occurrences,omitempty"`
	Silenced    []string  `json:"silenced,omitempty"`
	ProcessedBy string    `json:"processed_by,omitempty"`
}

type history struct {
	Status   uint32 `json:"status"`
	Executed int64  `json:"executed"`
}

type hook struct {
	meta   `json:"metadata"`
	Output string `json:"output"`
	Status int32  `json:"status"`
}

type entity struct {
	meta        `json:"metadata"`
	EntityClass string `json:"entity_class"`
}

type metrics struct {
	Handlers []string `json:"handlers"`
	Points   []point  `json:"points"`
}

type point struct {
	Name      string  `json:"name"`
	Value     float64 `json:"value"`
	Timestamp int64   `json:"timestamp"`
}

type event struct {
	meta      `json:"metadata"`
	Timestamp int64    `json:"timestamp"`
	Sequence  int64    `json:"sequence"`
	ID        *string  `json:"id,omitempty"`
	Entity    *entity  `json:"entity,omitempty"`
	Check     *check   `json:"check,omitempty"`
	Metrics   *metrics `json:"metrics,omitempty"`
}

// MarshalJSON does what Sensu's does: it redacts a copy of the entity, and an event with an id comes out with its keys
// in the order of the alphabet, so that its own metadata stand after those of its entity and its check.
func (e event) MarshalJSON() ([]byte, error) {
	type plain event
	if e.Entity != nil {
		entity := *e.Entity
		entity.Labels = redacted(entity.Labels)
		e.Entity = &entity
	}
	text, err := json.Marshal(plain(e))
	if err != nil || e.ID == nil {
		return text, err
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return nil, err
	}
	return json.Marshal(keys)
}

func redacted(labels map[string]string) map[string]string {
	copied := map[string]string{}
	for key, value := range labels {
		if key == "password" {
			value = "REDACTED"
		}
		copied[key] = value
	}
	return copied
}

func liveEvent(text []byte) (*event, error) {
	live := &event{}
	if err := json.Unmarshal(text, live); err != nil {
		return nil, err
	}
	ensure(&live.meta)
	if live.Entity != nil {
		ensure(&live.Entity.meta)
	}
	if live.Check != nil {
		ensure(&live.Check.meta)
	}
	return live, nil
}

func ensure(m *meta) {
	if m.Labels == nil {
		m.Labels = map[string]string{}
	}
	if m.Annotations == nil {
		m.Annotations = map[string]string{}
	}
}
