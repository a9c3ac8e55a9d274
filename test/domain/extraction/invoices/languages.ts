/** The fields of an invoice whose labels differ by language. */
export type LabelName =
  'number' | 'issued' | 'due' | 'order' | 'supplier' | 'customer' | 'vatId' | 'email' | 'phone' | 'net' | 'tax' | 'total'

/** The words of an invoice in one language, and how it writes dates and amounts. */
export interface Language {
  readonly code: string
  readonly title: string
  /** Two sets of labels, so that no two invoices in one language need to look alike. */
  readonly labels: ReadonlyArray<Readonly<Record<LabelName, string>>>
  readonly item: readonly [head: string, quantity: string, price: string, amount: string]
  readonly months: readonly string[]
  readonly decimal: ',' | '.'
  readonly grouping: string
  /** An order and a separator, such as `dmy/`. */
  readonly dates: readonly string[]
  /** Running text that contains words of the labels. */
  readonly prose: string
}

const ENGLISH: Language = {
  code: 'en',
  title: 'INVOICE',
  labels: [
    {
      number: 'Invoice Number',
      issued: 'Issue Date',
      due: 'Due Date',
      order: 'Order No.',
      supplier: 'Supplier',
      customer: 'Customer',
      vatId: 'VAT Number',
      email: 'Email',
      phone: 'Phone',
      net: 'Subtotal',
      tax: 'VAT',
      total: 'Grand Total'
    },
    {
      number: 'Invoice #',
      issued: 'Invoice date',
      due: 'Payment due',
      order: 'PO Number',
      supplier: 'Sold by',
      customer: 'Bill To',
      vatId: 'Tax ID',
      email: 'E-mail',
      phone: 'Tel.',
      net: 'Net amount',
      tax: 'Sales tax',
      total: 'Amount due'
    }
  ],
  item: ['Description', 'Quantity', 'Unit price', 'Amount'],
  months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  decimal: '.',
  grouping: ',',
  dates: ['mdy/', 'dmy/'],
  prose: 'Customer service is open from Monday to Friday. Subtotal and tax are listed by rate. Due date and order are binding, and the total is payable without ' +
    'deduction. Email and phone are answered within two days, though not on public holidays.'
}

const GERMAN: Language = {
  code: 'de',
  title: 'RECHNUNG',
  labels: [
    {
      number: 'Rechnungs-Nr.',
      issued: 'Rechnungsdatum',
      due: 'Fällig am',
      order: 'Bestellnummer',
      supplier: 'Lieferant',
      customer: 'Kunde',
      vatId: 'USt-IdNr.',
      email: 'E-Mail',
      phone: 'Telefon',
      net: 'Summe ohne USt.',
      tax: 'USt.',
      total: 'Gesamtbetrag'
    },
    {
      number: 'Rechnungsnummer',
      issued: 'Datum',
      due: 'Zahlbar bis',
      order: 'Auftrags-Nr.',
      supplier: 'Verkäufer',
      customer: 'Käufer',
      vatId: 'UStID',
      email: 'Mail',
      phone: 'Tel.',
      net: 'Nettobetrag',
      tax: 'Umsatzsteuer',
      total: 'Rechnungsbetrag (EUR)'
    }
  ],
  item: ['Bezeichnung', 'Menge', 'Einzelpreis', 'Betrag'],
  months: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
  decimal: ',',
  grouping: '.',
  dates: ['dmy.'],
  prose: 'Kunde und Lieferant haben vereinbart, dass die Ware bis zur Zahlung Eigentum bleibt. Datum der Leistung ist das der Rechnung. Telefon und Mail sind ' +
    'werktags besetzt. Gesamtbetrag und Nettobetrag verstehen sich in der angegebenen Währung.'
}

const FRENCH: Language = {
  code: 'fr',
  title: 'FACTURE',
  labels: [
    {
      number: 'Facture n°',
      issued: "Date d'émission",
      due: "Date d'échéance",
      order: 'Commande n°',
      supplier: 'Fournisseur',
      customer: 'Client',
      vatId: 'N° TVA',
      email: 'Courriel',
      phone: 'Téléphone',
      net: 'Total HT',
      tax: 'TVA',
      total: 'Total TTC'
    },
    {
      number: 'Numéro de facture',
      issued: 'Date de facture',
      due: 'Échéance',
      order: 'Réf. commande',
      supplier: 'Vendeur',
      customer: 'Acheteur',
      vatId: 'TVA intracom.',
      email: 'E-mail',
      phone: 'Tél.',
      net: 'Montant HT',
      tax: 'Montant TVA',
      total: 'Net à payer'
    }
  ],
  item: ['Désignation', 'Quantité', 'Prix unitaire', 'Montant'],
  months: [
    'janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'
  ],
  decimal: ',',
  grouping: ' ',
  dates: ['dmy/'],
  prose: 'Client et fournisseur conviennent que toute somme non payée à échéance porte intérêt. Téléphone et courriel sont indiqués en tête. Total et TVA sont ' +
    'calculés selon les taux en vigueur, sans escompte pour paiement anticipé.'
}

const DUTCH: Language = {
  code: 'nl',
  title: 'FACTUUR',
  labels: [
    {
      number: 'Factuurnummer',
      issued: 'Factuurdatum',
      due: 'Vervaldatum',
      order: 'Ordernr.',
      supplier: 'Leverancier',
      customer: 'Klant',
      vatId: 'BTW-nummer',
      email: 'E-mail',
      phone: 'Telefoon',
      net: 'Subtotaal',
      tax: 'BTW',
      total: 'Totaal'
    },
    {
      number: 'Factuur nr.',
      issued: 'Datum',
      due: 'Te betalen vóór',
      order: 'Uw referentie',
      supplier: 'Verkoper',
      customer: 'Koper',
      vatId: 'BTW nr.',
      email: 'Mail',
      phone: 'Tel.',
      net: 'Totaal excl. BTW',
      tax: 'Totaal BTW',
      total: 'Totaal incl. BTW'
    }
  ],
  item: ['Omschrijving', 'Aantal', 'Prijs', 'Bedrag'],
  months: ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'],
  decimal: ',',
  grouping: '.',
  dates: ['dmy-'],
  prose: 'Klant en leverancier zijn gebonden aan de voorwaarden. Totaal en BTW worden per tarief vermeld. Datum en referentie horen bij iedere betaling. ' +
    'Telefoon en mail worden op werkdagen beantwoord, behalve op feestdagen.'
}

export const LANGUAGES: readonly Language[] = [ENGLISH, GERMAN, FRENCH, DUTCH]
