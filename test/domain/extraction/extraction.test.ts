import t from 'tap'
import type { Block } from '../../../src/domain/files/extracted-text.ts'
import type { Template } from '../../../src/domain/lifecycle/records.ts'
import type { ExtractionSchema, FieldGroup } from '../../../src/domain/templates/schema.ts'
import { chunkIdOf } from '../../../src/domain/extraction/citations.ts'
import { extract, titleOf } from '../../../src/domain/extraction/extraction.ts'
import type { AuditEntry } from '../../../src/domain/extraction/audit-entry.ts'
import type { SourceDocument } from '../../../src/domain/extraction/source-document.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'

const unread: SourceDocument = { id: 'scan', sha256: 'ab'.repeat(32), pageCount: 3, pages: null }

const MADE_UP = 'Made up by raydocs-mock from the name and type of the field.'
const NO_LABEL = `${MADE_UP} No label for it was found in the text.`

function templateWith (groups: ExtractionSchema['groups'], more: Omit<ExtractionSchema, 'groups'> = { config: { reasoning_enabled: true } }): Pick<Template, 'id' | 'schema'> {
  return { id: demoTemplate.id, schema: { ...more, groups } }
}

/** A document of pages that are texts, their paragraphs parted by blank lines. */
function paperWith (...pages: string[]): SourceDocument {
  return { id: 'text', sha256: 'cd'.repeat(32), pageCount: pages.length, pages: pages.map(page => page.split('\n\n').map((content): Block => ({ type: 'paragraph', content }))) }
}

/** The audit entry of a value that was found. */
function foundIn (paper: SourceDocument, page: number, label: string, text: string): AuditEntry {
  return { reasoning: `Found on page ${page}, behind the label "${label}".`, sources: [{ chunkId: chunkIdOf(paper.id, page), text, page }] }
}

/** The audit entry of a value that is made up without text. */
function madeUpFor (page: number, text: string): AuditEntry {
  return { reasoning: MADE_UP, sources: [{ chunkId: chunkIdOf(unread.id, page), text, page }] }
}

t.test('an invoice that can be read is read', async t => {
  const paper: SourceDocument = {
    id: 'invoice',
    sha256: 'ef'.repeat(32),
    pageCount: 2,
    pages: [
      [
        { type: 'heading', content: 'Acme Tools GmbH' },
        { type: 'paragraph', content: 'INVOICE' },
        { type: 'paragraph', content: 'Bill to: Jane Doe, 5 Side Street, Springfield\nCustomer number: 77-1' },
        { type: 'paragraph', content: 'Invoice No.: INV-2024-0815\nInvoice date: March 15, 2024\nDelivery date: 03/11/2024\nDue date April 14, 2024\nCurrency: EUR' },
        { type: 'paragraph', content: 'Vendor: Acme Tools GmbH\nVendor address:\n12 Main Street, 10115 Berlin\nVAT ID: DE 123456789' },
        { type: 'heading', content: 'Description Quantity Unit price Amount' },
        { type: 'paragraph', content: 'Total station, rented 1 5,000.00 5,000.00\nTax stamps 6 500.00 3,000.00\nSubtotal carried forward 8,000.00' }
      ],
      [
        { type: 'paragraph', content: 'Subtotal 8,000.00\nTax (10 %) 800.00\nGrand Total EUR 8,800.00\nAmount paid 0.00' },
        { type: 'paragraph', content: 'Due on receipt of the goods. Total amount is payable without deductions.' }
      ]
    ]
  }
  const { data, audit } = await extract('1', demoTemplate, [paper])
  t.same(data, {
    invoice: { invoice_number: 'INV-2024-0815', date: '2024-03-15', due_date: '2024-04-14', currency: 'EUR' },
    vendor: { vendor_name: 'Acme Tools GmbH', vendor_address: '12 Main Street, 10115 Berlin', vat_number: 'DE 123456789' },
    amounts: { subtotal: 8_000, tax_amount: 800, total_amount: 8_800 }
  })
  t.same(audit, {
    invoice: {
      invoice_number: foundIn(paper, 1, 'Invoice No', 'Invoice No.: INV-2024-0815'),
      date: foundIn(paper, 1, 'Invoice date', 'Invoice date: March 15, 2024'),
      due_date: foundIn(paper, 1, 'Due date', 'Due date April 14, 2024'),
      currency: foundIn(paper, 1, 'Currency', 'Currency: EUR')
    },
    vendor: {
      vendor_name: foundIn(paper, 1, 'Vendor', 'Vendor: Acme Tools GmbH'),
      vendor_address: foundIn(paper, 1, 'Vendor address', '12 Main Street, 10115 Berlin'),
      vat_number: foundIn(paper, 1, 'VAT ID', 'VAT ID: DE 123456789')
    },
    amounts: {
      subtotal: foundIn(paper, 2, 'Subtotal', 'Subtotal 8,000.00'),
      tax_amount: foundIn(paper, 2, 'Tax', 'Tax (10 %) 800.00'),
      total_amount: foundIn(paper, 2, 'Grand Total', 'Grand Total EUR 8,800.00')
    }
  })
})

t.test('of what was not read every value is made up, and cited where it could stand', async t => {
  const { data, audit } = await extract('1', demoTemplate, [unread])
  t.same(data, {
    invoice: { invoice_number: 'INV-2024-5382', date: '2024-01-04', due_date: '2023-07-14', currency: 'SHP' },
    vendor: { vendor_name: 'Rolfson, Marquardt and Gorczany', vendor_address: '68028 Gladyce Lakes, Tavaresview', vat_number: 'CX923937552' },
    amounts: { subtotal: 8_931.58, tax_amount: 4_356.11, total_amount: 194.16 }
  })
  t.same(audit, {
    invoice: {
      invoice_number: madeUpFor(2, 'Invoice Number: INV-2024-5382'),
      date: madeUpFor(1, 'Date: 2024-01-04'),
      due_date: madeUpFor(3, 'Due Date: 2023-07-14'),
      currency: madeUpFor(1, 'Currency: SHP')
    },
    vendor: {
      vendor_name: madeUpFor(3, 'Vendor Name: Rolfson, Marquardt and Gorczany'),
      vendor_address: madeUpFor(2, 'Vendor Address: 68028 Gladyce Lakes, Tavaresview'),
      vat_number: madeUpFor(1, 'Vat Number: CX923937552')
    },
    amounts: {
      subtotal: madeUpFor(1, 'Subtotal: 8931.58'),
      tax_amount: madeUpFor(1, 'Tax Amount: 4356.11'),
      total_amount: madeUpFor(2, 'Total Amount: 194.16')
    }
  })
})

t.test('the values depend on the seed, the template and the file alone', async t => {
  const values = async (seed: string, template: Pick<Template, 'id' | 'schema'>, paper: SourceDocument): Promise<string> => JSON.stringify((await extract(seed, template, [paper])).data)
  const first = await values('1', demoTemplate, unread)
  t.equal(await values('1', demoTemplate, { ...unread, id: 'another copy', pageCount: 9 }), first)
  t.equal(await values('1', { ...demoTemplate, schema: { ...demoTemplate.schema, config: {} } }, unread), first)
  t.equal(await values('1', demoTemplate, { ...unread, pages: [[{ type: 'paragraph', content: 'Nothing.' }]] }), first, 'nothing is found')
  t.not(await values('2', demoTemplate, unread), first)
  t.not(await values('1', { ...demoTemplate, id: 'other' }, unread), first)
  t.not(await values('1', demoTemplate, { ...unread, sha256: 'cd'.repeat(32) }), first)
})

t.test('a field keeps its value when others come and go', async t => {
  const few = await extract('1', templateWith({ g: { fields: { vendor_name: { type: 'string' } } } }), [unread])
  const many = await extract('1', templateWith({ g: { fields: { total: { type: 'number' }, vendor_name: { type: 'string' } } } }), [unread])
  t.match(many.data, few.data)
})

t.test('a template may name its fields as it likes', async t => {
  const groups = JSON.parse('{"__proto__": {"fields": {"__proto__": {"type": "string"}, "constructor": {"type": "constructor"}, "": {"type": ""}}}}')
  for (const paper of [unread, paperWith('constructor: X\nproto: 1')]) {
    const { data, audit } = await extract('1', templateWith(groups), [paper])
    for (const groups of [data, audit]) t.same(Object.entries(groups).map(([group, fields]) => [group, Object.keys(fields)]), [['__proto__', ['__proto__', 'constructor', '']]])
  }
})

t.test('without documents there is nothing to cite', async t => {
  const { audit } = await extract('1', templateWith({ g: { fields: { total: { type: 'number' } } } }), [])
  t.same(audit, { g: { total: { reasoning: MADE_UP, sources: [] } } })
})

t.test('what is not found in a text is not cited there, though perhaps in what was not read', async t => {
  const template = templateWith({ g: { fields: { paid: { type: 'boolean' } } } })
  t.same(await extract('1', template, [paperWith('Nothing.')]), { data: { g: { paid: true } }, audit: { g: { paid: { reasoning: NO_LABEL, sources: [] } } } })
  const { data, audit } = await extract('1', template, [paperWith('Nothing.'), { ...unread, pageCount: 1 }])
  t.same(data, { g: { paid: false } })
  t.same(audit, { g: { paid: { reasoning: NO_LABEL, sources: [{ chunkId: chunkIdOf('scan', 1), text: 'Paid: false', page: 1 }] } } })
})

t.test('of several documents each is searched, as far as it has pages', async t => {
  const template = templateWith({ g: { fields: { total: { type: 'number' }, code: { type: 'string' } } } })
  const papers = [paperWith('Nothing.', 'Code: A1'), { ...paperWith('Nothing.', 'Total: 5', 'Code: B2'), id: 'second', pageCount: 2 }] as const
  t.same(await extract('1', template, papers), {
    data: { g: { total: 5, code: 'A1' } },
    audit: { g: { total: foundIn(papers[1], 2, 'Total', 'Total: 5'), code: foundIn(papers[0], 2, 'Code', 'Code: A1') } }
  })
})

t.test('there are reasons only where the template asks for them', async t => {
  const template = templateWith({ g: { fields: { total: { type: 'number' } } } }, {})
  const paper = paperWith('Total: 5')
  const withoutReason = { g: { total: { ...foundIn(paper, 1, 'Total', 'Total: 5'), reasoning: null } } }
  t.same((await extract('1', template, [paper])).audit, withoutReason)
  t.same((await extract('1', template, [paper], { g: { total: 6 } })).audit, { g: { total: { reasoning: null, sources: [] } } })
})

t.test('an object is put together of what is found and what is made up', async t => {
  const template = templateWith({
    invoice: {
      fields: {
        vendor: { type: 'object', properties: { name: { type: 'string' }, place: { $ref: '#/definitions/place' }, staff: { type: 'integer' } } },
        buyer: { type: 'object', properties: { name: { type: 'string' } } },
        none: { type: 'object', properties: { iban: { type: 'boolean' } } },
        empty: { type: 'object' },
        choice: { type: 'object', enum: ['a', 'b'] }
      }
    }
  }, { config: { reasoning_enabled: true }, definitions: { place: { type: 'object', properties: { city: { type: 'string' } } } } })
  const paper = paperWith('Vendor name: Acme\nCity: Berlin', 'Buyer name: Jane Doe\nChoice: b')
  const { data, audit } = await extract('1', template, [paper])
  t.same(data, {
    invoice: { vendor: { name: 'Acme', place: { city: 'Berlin' }, staff: 8_375 }, buyer: { name: 'Jane Doe' }, none: { iban: true }, empty: {}, choice: 'b' }
  })
  t.same(audit, {
    invoice: {
      vendor: {
        reasoning: 'Found name on page 1, behind the label "Vendor name"; place.city on page 1, behind the label "City". The rest was made up by raydocs-mock.',
        sources: [{ chunkId: chunkIdOf('text', 1), text: 'Vendor name: Acme', page: 1 }, { chunkId: chunkIdOf('text', 1), text: 'City: Berlin', page: 1 }]
      },
      buyer: {
        reasoning: 'Found name on page 2, behind the label "Buyer name".',
        sources: [{ chunkId: chunkIdOf('text', 2), text: 'Buyer name: Jane Doe', page: 2 }]
      },
      none: { reasoning: NO_LABEL, sources: [] },
      empty: { reasoning: NO_LABEL, sources: [] },
      choice: foundIn(paper, 2, 'Choice', 'Choice: b')
    }
  })
})

t.test('a list of texts or numbers can be found, one of objects is made up', async t => {
  const fields: FieldGroup['fields'] = {
    tags: { type: 'array', items: { $ref: '#/definitions/tag' } },
    lines: { type: 'array', items: { type: 'object', properties: { net: { type: 'boolean' } } } }
  }
  const paper = paperWith('Tags: red, green\nLines: 1, 2')
  const { data, audit } = await extract('1', templateWith({ g: { fields } }, { definitions: { tag: { type: 'string' } } }), [paper])
  t.same(data, { g: { tags: ['red', 'green'], lines: [{ net: true }, { net: true }, { net: true }] } })
  t.same(audit, { g: { tags: { ...foundIn(paper, 1, 'Tags', 'Tags: red, green'), reasoning: null }, lines: { reasoning: null, sources: [] } } })
})

t.test('a group runs over the items of a list, and takes from each what it says itself', async t => {
  const template = templateWith({
    branch: { config: { iterates_on: 'company.branches' }, fields: { paid: { type: 'boolean' } } },
    company: { config: { iterates_on: 'companies.list' }, fields: { vat: { type: 'boolean' }, staff: { type: 'integer' }, branches: { type: 'array' } } },
    companies: { fields: { list: { type: 'array', items: { type: 'object', properties: { vat: { type: 'boolean' } } } } } }
  })
  const { data, audit } = await extract('1', template, [{ ...unread, pageCount: 1 }])
  const branches = [['Intuitive global knowledge user', 'Synchronised cohesive analyzer', 'Automated static adapter'], ['Synchronised demand-driven customer loyalty']]
  t.same(data, {
    branch: [{ paid: false }, { paid: false }, { paid: true }, { paid: false }],
    company: [{ vat: false, staff: 8_707, branches: branches[0] }, { vat: false, staff: 1_637, branches: branches[1] }],
    companies: { list: [{ vat: false }, { vat: false }] }
  })
  t.same(Object.keys(data), ['branch', 'company', 'companies'])
  const list = madeUpFor(1, 'List: [{"vat":false},{"vat":false}]')
  t.same(audit, {
    branch: [false, false, true, false].map(paid => ({ paid: madeUpFor(1, `Paid: ${paid}`) })),
    company: [
      { vat: { ...list, reasoning: 'Taken from item 1 of companies.list.' }, staff: madeUpFor(1, 'Staff: 8707'), branches: madeUpFor(1, `Branches: ${JSON.stringify(branches[0])}`) },
      { vat: { ...list, reasoning: 'Taken from item 2 of companies.list.' }, staff: madeUpFor(1, 'Staff: 1637'), branches: madeUpFor(1, `Branches: ${JSON.stringify(branches[1])}`) }
    ],
    companies: { list }
  })
})

t.test('what is found in a text is no value of a group that runs over a list', async t => {
  const groups: ExtractionSchema['groups'] = {
    company: { config: { iterates_on: 'companies.list' }, fields: { staff: { type: 'integer' } } },
    companies: { fields: { list: { type: 'array' } } }
  }
  const paper = paperWith('Staff: 5\nList: Acme, Foo')
  const { data, audit } = await extract('1', templateWith(groups), [paper])
  t.same(data, { company: [{ staff: 2_095 }, { staff: 6_714 }], companies: { list: ['Acme', 'Foo'] } })
  t.same(audit, {
    company: [{ staff: { reasoning: NO_LABEL, sources: [] } }, { staff: { reasoning: NO_LABEL, sources: [] } }],
    companies: { list: foundIn(paper, 1, 'List', 'List: Acme, Foo') }
  })
})

t.test('a group runs no more often than anybody could wait for, and not over what is no list', async t => {
  const list = paperWith(`List: ${Array(200).fill('x').join('; ')}`)
  const rounds = async (fields: FieldGroup['fields'], more: FieldGroup['fields'] = { list: { type: 'array' } }): Promise<number> => {
    const { data } = await extract('1', templateWith({ g: { fields: more }, each: { config: { iterates_on: 'g.list' }, fields } }), [list])
    return [data['each']].flat().length
  }
  t.equal(await rounds({}), 100)
  t.equal(await rounds(Object.fromEntries(Array.from({ length: 498 }, (_, index) => [`f${index}`, { type: 'boolean' }]))), 10)
  t.equal(await rounds({}, { list: { type: 'array', enum: ['x'] } }), 0)
  t.equal(await rounds({}, {}), 0)
})

t.test('what was given is what was found, of whatever shape it is', async t => {
  const template = templateWith({ g: { fields: { total: { type: 'number' } } } })
  const given = JSON.parse('{ "g": { "total": 5, "grand_total": [1] }, "rounds": [{ "a": "x" }, 5, null], "odd": null, "text": "abc", "__proto__": { "a": 1 } }')
  const { data, audit } = await extract('1', template, [{ ...unread, pageCount: 1 }], given)
  const cited = (text: string): AuditEntry => ({ reasoning: 'Given to raydocs-mock for this result.', sources: [{ chunkId: chunkIdOf('scan', 1), text, page: 1 }] })
  t.equal(data, given)
  t.same(Object.entries(audit), [
    ['g', { total: cited('Total: 5'), grand_total: cited('Grand Total: [1]') }],
    ['rounds', [{ a: cited('A: x') }, {}, {}]],
    ['odd', {}],
    ['text', {}],
    ['__proto__', { a: cited('A: 1') }]
  ])
})

t.test('a title names the template and the files, if the template asks for one', async t => {
  t.equal(titleOf('Invoices', ['a.pdf', 'b.pdf'], demoTemplate.schema), 'Invoices - a.pdf - b.pdf')
  t.equal(titleOf('Invoices', [], demoTemplate.schema), 'Invoices')
  t.equal(titleOf('Invoices', ['a.pdf'], { groups: {} }), null)
})
